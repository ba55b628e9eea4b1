"use strict";
// Without this script both pictures stand side by side; with it, a border between them follows slider and hand.
document.documentElement.classList.add("live");
for (const both of document.querySelectorAll(".both")) {
  const over = both.querySelector(".over");
  const slider = both.querySelector("input");
  const show = () => over.style.setProperty("--at", `${slider.value}%`);
  const follow = (event) => {
    const box = over.getBoundingClientRect();
    slider.value = Math.round(100 * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
    show();
  };
  slider.addEventListener("input", show);
  over.addEventListener("pointerdown", (event) => {
    over.setPointerCapture(event.pointerId);
    follow(event);
  });
  over.addEventListener("pointermove", (event) => event.buttons && follow(event));
  show();
}
