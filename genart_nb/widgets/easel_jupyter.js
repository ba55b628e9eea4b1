// What an easel asks of JupyterLab and Notebook 7, where it finds them; elsewhere each says that it could not.

// JupyterLab's shortcuts hear every key. While one of ours is pressed they are asked to look away, by a mark on the very
// element that has the focus; keys with Ctrl, Alt or Cmd, and Shift+Enter, stay theirs.
function ownKeys(root, signal) {
  const watch = (event) => {
    if (!root.contains(event.target)) return;
    const theirs = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !theirs);
  };
  window.addEventListener("keydown", watch, { capture: true, signal });
}

// The notebook's shared model is a public API, and every widget manager of JupyterLab holds its notebook's context.
function writeCell(model, identity, text) {
  const notebook = model.widget_manager?.context?.model?.sharedModel;
  const at = (notebook?.cells ?? []).findIndex((cell) =>
    (cell.getOutputs?.() ?? []).some((output) => {
      const view = output.data?.["application/vnd.jupyter.widget-view+json"];
      return view && view.model_id === identity;
    }),
  );
  if (at < 0 || !notebook.insertCell) return false;
  notebook.insertCell(at + 1, { cell_type: "code", source: text, metadata: {}, outputs: [], execution_count: null });
  return notebook.cells[at + 1]?.getSource?.() === text;
}

// Calls lost(words) when the kernel that moves this easel has gone.
function watchKernel(model, el, lost) {
  const session = model.widget_manager?.context?.sessionContext;
  const words = {
    restarting: "The kernel was restarted.",
    autorestarting: "The kernel died and was restarted.",
    dead: "The kernel has died.",
    terminating: "The kernel was shut down.",
  };
  const heard = (_, status) => words[status] && lost(words[status]);
  const gone = () => setTimeout(() => el.classList.contains("jupyter-widgets-disconnected") && lost(words.restarting));
  session?.statusChanged?.connect(heard);
  model.on("comm_live_update", gone);
  return () => {
    session?.statusChanged?.disconnect(heard);
    model.off("comm_live_update", gone);
  };
}

// Run the cell that shows this easel, as its reader would: click beside it, then Ctrl+Enter. Resolves to whether the
// cell began to run.
async function runCell(el) {
  const cell = el.closest(".jp-Notebook-cell");
  const prompt = cell?.querySelector(".jp-InputArea-prompt, .jp-InputPrompt");
  if (!prompt) return false;
  const before = prompt.textContent;
  for (const kind of ["mousedown", "mouseup", "click"]) {
    prompt.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, button: 0, view: window }));
  }
  await new Promise((done) => setTimeout(done, 60));
  const key = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
  const at = cell.contains(document.activeElement) ? document.activeElement : cell;
  at.dispatchEvent(new KeyboardEvent("keydown", key));
  await new Promise((done) => setTimeout(done, 400));
  return !el.isConnected || prompt.textContent !== before;
}

// The still below the widget is what a saved notebook keeps; while the easel lives it would only show the same twice.
function hideStill(el, hidden) {
  const next = el.closest(".jp-OutputArea-child")?.nextElementSibling;
  if (next?.querySelector("img, svg, figure, .genart-work")) next.classList.toggle("ge-still-hidden", hidden);
}
