// The picture that the page opened with, as it was before it was written shorter: each arrow a group, styles as attributes.
// Read next: picture.js.

/** The picture to be made alive; `rules` are those of the classes that stand for its attributes. */
function openingPicture(rules) {
  const svg = svgFrom(pictureText());
  for (const [, name, body] of rules.matchAll(/\.(\w+)\{([^}]*)\}/g)) {
    const attributes = body.split(";").map((rule) => rule.split(":"));
    for (const made of [...svg.getElementsByClassName(name)]) {
      for (const [attribute, value] of attributes) made.setAttribute(attribute, value);
      made.classList.remove(name);
    }
  }
  for (const lines of svg.querySelectorAll("path[data-edges]")) unbundle(lines, lines.nextSibling);
  return svg;
}

/** Arrows of two paths, all lines and all tips. Of "0-3 4,5 r6", the last goes from an operation to its result. */
function unbundle(lines, tips) {
  const tipOf = subpaths(tips);
  const lineOf = subpaths(lines);
  lines.dataset.edges.split(" ").flatMap(attributesOf).forEach((attributes, i) => {
    const group = svgElement("g", attributes);
    group.append(like(lines, "path", "d", lineOf[i]), like(tips, "polygon", "points", cornersOf(tipOf[i])));
    lines.before(group);
  });
  lines.remove();
  tips.remove();
}

/** "4,5": edges as one arrow; "0-3": four edges; "r6-8": arrows to three results. */
function attributesOf(edges) {
  if (edges.includes(",")) return [{ class: "edge", "data-edge": edges.replaceAll(",", " ") }];
  const [first, last = first] = edges.replace("r", "").split("-").map(Number);
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return numbers.map((number) => (edges.startsWith("r") ? { class: "edge result", "data-target": number } : { class: "edge", "data-edge": number }));
}

function subpaths(path) {
  return path.getAttribute("d").split(/(?=M)/);
}

/** A shape that looks like another. */
function like(shape, tag, name, value) {
  const made = svgElement(tag, { [name]: value });
  for (const attribute of shape.attributes) {
    if (!["d", "data-edges", "class"].includes(attribute.name)) made.setAttribute(attribute.name, attribute.value);
  }
  return made;
}

/** "M9 16l-3-7 6 0z": a corner, and the way from each to the next. */
function cornersOf(tip) {
  const [x, y, ...steps] = tip.match(/-?\d+/g).map(Number);
  const corners = [[x, y]];
  for (let i = 0; i < steps.length; i += 2) corners.push([corners.at(-1)[0] + steps[i], corners.at(-1)[1] + steps[i + 1]]);
  return corners.map((corner) => corner.join()).join(" ");
}
