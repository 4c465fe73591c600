// Controls: buttons, slider, speed, keys and swipes; each says where to go, none knows what a step is.
// Read next: picture.js.

const ICONS = { // outlines in a square of 24
  first: "M6 5v14M19 5l-9 7 9 7z",
  back: "M16 5l-9 7 9 7z",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  step: "M8 5l9 7-9 7z",
  last: "M18 5v14M5 5l9 7-9 7z",
};
const SPEEDS = [0.5, 1, 2, 5, 15, 60]; // steps in a second
const USUAL_SPEED = 1;
const SWIPE = 48; // pixels that a finger moves

function icon(name) {
  const svg = svgElement("svg", { viewBox: "0 0 24 24", width: "20", height: "20", "aria-hidden": "true",
    class: "icon" });
  svg.append(svgElement("path", { d: ICONS[name] }));
  return svg;
}

function createControls(last, player) {
  const button = (name, label, action) => {
    const made = element("button", { type: "button", class: name, "aria-label": label, title: label }, icon(name));
    made.addEventListener("click", action);
    return made;
  };
  const first = button("first", "To the start (Home)", () => player.go(0));
  const back = button("back", "One step back (left arrow)", () => player.go(player.current() - 1));
  const play = button("play", "Play (space)", () => player.toggle());
  const step = button("step", "One step forward (right arrow)", () => player.go(player.current() + 1));
  const end = button("last", "To the end (End)", () => player.go(last));
  const slider = element("input", { type: "range", min: "0", max: String(last), value: "0", "aria-label": "Step" });
  slider.addEventListener("input", () => player.go(Number(slider.value)));
  const count = element("output", { class: "count" });
  const options = SPEEDS.map((speed) => element("option", { value: String(speed) },
    `${speed} ${speed === 1 ? "step" : "steps"}/s`));
  const speed = element("select", { "aria-label": "Speed" }, ...options);
  speed.value = String(USUAL_SPEED);
  speed.addEventListener("change", () => player.setSpeed(Number(speed.value)));
  const view = element("div", { class: "controls", role: "group", "aria-label": "Replay" },
    element("div", { class: "buttons" }, first, back, play, step, end),
    speed, element("div", { class: "where" }, slider, count));

  function show(s, playing, sentence) {
    slider.value = String(s);
    slider.setAttribute("aria-valuetext", sentence);
    count.textContent = `${s} / ${last}`;
    first.disabled = back.disabled = s === 0;
    step.disabled = end.disabled = s === last;
    if (play.dataset.playing === String(playing)) return;
    play.dataset.playing = String(playing);
    play.setAttribute("aria-label", playing ? "Pause (space)" : "Play (space)");
    play.title = play.getAttribute("aria-label");
    play.replaceChildren(icon(playing ? "pause" : "play"));
  }

  return { view, show };
}

/** Space, arrows, Home and End, wherever the focus is, except where the key means something of its own. */
function listenToKeys(root, last, player) {
  const moves = {
    " ": () => player.toggle(),
    ArrowRight: () => player.go(player.current() + 1),
    ArrowLeft: () => player.go(player.current() - 1),
    Home: () => player.go(0),
    End: () => player.go(last),
  };
  const listen = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || !(event.key in moves)) return;
    const at = event.composedPath()[0];
    const tag = at.tagName;
    if (tag === "SELECT" || tag === "TEXTAREA" || (tag === "INPUT" && at.type !== "range")) return;
    if (event.key === " " && (tag === "BUTTON" || tag === "SUMMARY")) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  };
  root.addEventListener("keydown", listen);
  if (!isAlone(root)) return;
  document.addEventListener("keydown", (event) => {
    if (event.target === document.body) listen(event); // nothing has the focus
  });
}

/** Whether the document is a saved page of this one output: elsewhere keys outside of it are not ours. */
function isAlone(root) {
  const { host } = root.getRootNode();
  return Boolean(host) && host.parentElement === document.querySelector("body > main") && host.parentElement !== null;
}

/** A swipe to the left is a step forward, to the right a step back. */
function listenToSwipes(target, player) {
  let from = null;
  target.addEventListener("touchstart", (event) => (from = event.touches.length === 1 ? event.touches[0] : null),
    { passive: true });
  target.addEventListener("touchend", (event) => {
    if (!from) return;
    const dx = event.changedTouches[0].clientX - from.clientX;
    const dy = event.changedTouches[0].clientY - from.clientY;
    from = null;
    if (Math.abs(dx) > SWIPE && Math.abs(dy) < SWIPE) player.go(player.current() + (dx < 0 ? 1 : -1));
  });
}
