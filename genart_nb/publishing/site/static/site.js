// The page itself: light and dark, works in full size, copying, frames as high as what is in them.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const say = (words) => { $("#said").textContent = words; };

  const theme = $("#theme");
  const isDark = () => getComputedStyle(document.documentElement).colorScheme === "dark";
  theme.hidden = false;
  theme.setAttribute("aria-pressed", isDark());
  theme.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    theme.setAttribute("aria-pressed", chosen === "dark");
    try { localStorage.setItem("genart-theme", chosen); } catch { /* a page from a disk may keep nothing */ }
  });

  // What scrolls sideways can be scrolled by keys.
  const reach = () => {
    for (const wide of document.querySelectorAll(".prose :is(pre, table, math, p, li), .outputs pre")) {
      const scrolls = wide.scrollWidth > wide.clientWidth + 1 && getComputedStyle(wide).overflowX !== "visible";
      if (scrolls) wide.tabIndex = 0;
      else wide.removeAttribute("tabindex");
    }
  };
  reach();
  addEventListener("resize", reach);

  // The dialog is the browser's own: it holds the focus, and Escape closes it.
  const zoom = $("#zoom");
  const links = [...document.querySelectorAll("a[data-zoom]")];
  const large = $("canvas", zoom);
  let at = 0;
  const show = (index) => {
    at = (index + links.length) % links.length;
    const picture = $("img", links[at]);
    const full = $("img", zoom);
    const fresh = $("canvas:not([hidden])", links[at]);
    full.hidden = Boolean(fresh);
    large.hidden = !fresh;
    if (fresh) {
      // A page from a disk may not read pixels back, but it may draw them once more.
      [large.width, large.height] = [fresh.width, fresh.height];
      large.getContext("2d").drawImage(fresh, 0, 0);
    } else full.src = links[at].href;
    full.classList.toggle("drawn", links[at].matches(".score"));
    full.alt = picture.alt;
    $("figcaption", zoom).textContent = picture.alt;
    for (const button of zoom.querySelectorAll(".step")) button.hidden = links.length < 2;
  };
  for (const [index, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
      event.preventDefault();
      show(index);
      zoom.showModal();
    });
  }
  zoom.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) show(at + Number(button.dataset.step));
    else zoom.close();
  });
  zoom.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
  });
  zoom.addEventListener("close", () => links[at]?.focus());

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say("Copied");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await copied($("code", button.closest(".listing")).textContent);
    const words = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = words; }, 1400);
  });

  const sealed = [...document.querySelectorAll("iframe.sealed")];
  addEventListener("message", (event) => {
    const high = Number(event.data?.genartHeight);
    const frame = sealed.find((each) => each.contentWindow === event.source);
    if (frame && high > 0) frame.style.height = `${Math.min(Math.ceil(high) + 8, 2400)}px`;
  });
  // A frame may have told its height before this page listened.
  for (const frame of sealed) frame.contentWindow?.postMessage("height?", "*");

  (globalThis.genart ??= {}).page = { say, copied };
})();
