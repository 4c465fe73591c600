// The player of a training: the panels of the picture, redrawn from the numbers of the frame that is chosen.
// Read next: boundary.js.

const SVG = "http://www.w3.org/2000/svg";

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Each panel of the picture as a picture of its own, so that they stand one below the other on a narrow screen. */
function panelsOf(data) {
  const picture = svgFrom(pictureText());
  const font = picture.getAttribute("font-family");
  return [...picture.querySelectorAll("g.panel")].map((group, index) => {
    const name = group.querySelector("title").textContent;
    group.querySelector("title").remove();
    const paper = drawn("rect", { width: data.size[0], height: data.size[1], fill: data.inks.paper });
    const attributes = { viewBox: `0 0 ${data.size.join(" ")}`, role: "img", "aria-label": name, "font-family": font };
    return { kind: data.kinds[index], svg: drawn("svg", attributes, paper, ...group.childNodes) };
  });
}

/** Sixteen-bit shares of the largest magnitude. */
function numbersFrom(text, largest) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 2 }, (_, i) => {
    const share = view.getInt16(2 * i, true);
    return share === -32768 ? NaN : (share / 32767) * largest;
  });
}

/** Curves up to the step, and a line at it. */
function curvesPanel(svg, curves, data) {
  const paths = [...svg.querySelectorAll("g.curve path")];
  const ghosts = paths.map((path) => {
    const ghost = path.cloneNode();
    ghost.setAttribute("stroke-opacity", data.later);
    path.before(ghost);
    return ghost;
  });
  const cursor = drawn("line", { y1: curves.top, y2: curves.bottom, stroke: data.inks.strange, "stroke-width": 1 });
  svg.append(cursor);
  const path = (ys, count) => {
    let text = "";
    for (let i = 0; i < count; i += 1) {
      if (ys[i] === null) continue;
      const starts = i === 0 || ys[i - 1] === null;
      text += `${starts ? "M" : "L"}${curves.x[i]},${ys[i]}`;
      if (starts && (i + 1 >= count || ys[i + 1] === null)) text += "h0.1";
    }
    return text || "M0,0";
  };
  ghosts.forEach((ghost, k) => ghost.setAttribute("d", path(curves.y[k], curves.x.length)));
  return ({ step }) => {
    const count = data.steps.filter((known) => known <= step).length;
    paths.forEach((element, k) => element.setAttribute("d", path(curves.y[k], count)));
    const [low, high, start, end] = curves.axis;
    const x = start + ((step - low) / (high - low)) * (end - start);
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
  };
}

function boundaryPanel(svg, data) {
  const place = svg.querySelector("g.plane");
  return ({ grid }) => {
    if (!grid) {
      place.replaceChildren();
      return;
    }
    const known = gridFrom(grid, data.plane);
    const areas = areasOf(known, data.plane, data.plot).map((area) =>
      drawn("path", { d: area.d, fill: area.colour, "fill-opacity": area.opacity, "shape-rendering": "crispEdges" }),
    );
    const line = boundaryOf(known, data.plane, data.plot);
    if (line) areas.push(drawn("path", { d: line, fill: "none", stroke: data.inks.ink, "stroke-width": 1.5 }));
    place.replaceChildren(...areas);
  };
}

/** Names of the two ends of a wire, and the line. */
function wiresOf({ columns, dashes }) {
  const unit = (k, i) => (k === 0 ? `input ${i + 1}` : `unit ${i + 1} of layer ${k}`);
  const shown = columns.map((column) => column.map((centre, i) => [centre, i]).filter(([centre]) => centre));
  const wires = [];
  for (let k = 0; k + 1 < columns.length; k += 1) {
    for (const [[x1, y1], i] of shown[k]) {
      for (const [[x2, y2], j] of shown[k + 1]) {
        const line = drawn("line", { x1, y1, x2, y2 }, drawn("title", {}));
        wires.push({ line, dashes, name: `${unit(k, i)} → ${unit(k + 1, j)}` });
      }
    }
  }
  const circles = shown.slice(1).flatMap((column) => column.map(([[cx, cy]]) => drawn("circle", { cx, cy })));
  return { wires, circles };
}

/** Weights keep one scale over the whole training, so that they are seen to grow; gradients have one for each frame. */
function networkPanel(svg, kind, data, frames) {
  const { wires, circles } = wiresOf(data.network);
  const { core, widths, opacities } = data.network;
  const between = ([low, high], share) => low + (high - low) * share;
  const scale = Math.max(...frames.map((frame) => frame.weights.largest));
  const widest = svg.querySelector("text.widest");
  svg.querySelector("g.wires").replaceChildren(...wires.map(({ line }) => line));
  svg.querySelectorAll('g.units circle:not([stroke])').forEach((circle) => circle.remove());
  circles.forEach((circle) => circle.setAttribute("r", core));
  svg.querySelector("g.units").append(...circles);
  return (frame) => {
    const found = frame[kind];
    const most = kind === "weights" ? scale : found.largest;
    const numbers = found.text ? numbersFrom(found.text, found.largest) : [...wires, ...circles].map(() => 0);
    widest.textContent = found.text ? `widest: ${numberText(most)}` : "none yet";
    const shareOf = (x) => (Number.isFinite(x) ? (most ? Math.min(1, Math.abs(x) / most) : 0) : 1);
    const colourOf = (x) => (Number.isFinite(x) ? (x < 0 ? data.inks.minus : data.inks.plus) : data.inks.strange);
    wires.forEach(({ line, dashes, name }, index) => {
      const [x, share] = [numbers[index], shareOf(numbers[index])];
      line.setAttribute("stroke", colourOf(x));
      line.setAttribute("stroke-width", between(widths, share));
      line.setAttribute("stroke-opacity", between(opacities, share));
      line.setAttribute("stroke-dasharray", x < 0 ? dashes : "none");
      line.firstChild.textContent = `${name}: ${kind.slice(0, -1)} ${numberText(x)}`;
    });
    circles.forEach((circle, index) => {
      const x = numbers[wires.length + index];
      circle.setAttribute("fill", colourOf(x));
      circle.setAttribute("fill-opacity", x ? shareOf(x) : 0);
    });
  };
}

/** Frames as objects; where the predictions were not computed, those before hold. */
function framesOf(data) {
  let known = null;
  return data.frames.map(([step, figures, weights, mostWeights, gradients, mostGradients, grid]) => {
    known = grid || known;
    return {
      step, figures, grid: known,
      weights: { text: weights, largest: mostWeights },
      gradients: { text: gradients, largest: mostGradients },
    };
  });
}

function start(root, data) {
  const frames = framesOf(data);
  const panels = panelsOf(data);
  const curves = [...data.curves];
  const redraw = panels.map(({ kind, svg }) => {
    if (kind === "curves") return curvesPanel(svg, curves.shift(), data);
    return kind === "boundary" ? boundaryPanel(svg, data) : networkPanel(svg, kind, data, frames);
  });
  const told = ({ step, figures }) => {
    const parts = data.columns.map((name, i) => [name, figures[i]]).filter(([, x]) => x !== null);
    return [`${data.unit} ${step}`, ...parts.map(([name, x]) => `${name} ${numberText(x)}`)];
  };
  const last = frames.length - 1;
  const slider = element("input", { type: "range", min: 0, max: last, value: last, "aria-label": `${data.unit} that is shown` });
  const play = element("button", { type: "button" }, "Play");
  const back = element("button", { type: "button" }, "Back");
  const next = element("button", { type: "button" }, "Forward");
  const figures = element("p", { class: "figures" });
  let timer = null;

  function show(index) {
    const frame = frames[index];
    redraw.forEach((draw) => draw(frame));
    slider.value = index;
    slider.setAttribute("aria-valuetext", told(frame).join(", "));
    figures.replaceChildren(...told(frame).map((part) => element("span", {}, part)));
    back.disabled = index === 0;
    next.disabled = index === last;
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    announce(told(frames[slider.value]).join(", "));
  }

  function toggle() {
    if (timer !== null) {
      pause();
      return;
    }
    if (Number(slider.value) === last) show(0);
    play.textContent = "Pause";
    const pace = Math.max(prefersReducedMotion() ? 1000 : 40, Math.min(400, 10000 / frames.length));
    timer = setInterval(() => {
      show(Math.min(last, Number(slider.value) + 1));
      if (Number(slider.value) === last) pause();
    }, pace);
  }

  function step(by) {
    if (timer !== null) pause();
    show(Math.max(0, Math.min(last, Number(slider.value) + by)));
    announce(told(frames[slider.value]).join(", "));
  }

  slider.addEventListener("input", () => {
    if (timer !== null) pause();
    show(Number(slider.value));
  });
  slider.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    toggle();
  });
  play.addEventListener("click", toggle);
  back.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  const controls = element("div", { class: "controls", role: "group", "aria-label": "Player" }, play, back, next, slider);
  const shown = element("div", { class: "panels" }, ...panels.map(({ svg }) => svg));
  const remarks = data.remarks.map((remark) => element("p", { class: "remark" }, remark));
  root.append(controls, figures, shown, ...remarks);
  show(last);
}
