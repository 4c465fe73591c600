/* What the script of a page is given, and how it takes the place of the picture.
   One output is one call of `live`: its helpers and its script are names of that call, so outputs share nothing. */

function live(page) {
  const { style, data } = JSON.parse(
    page.querySelector('script[type="application/json"]').textContent,
    (key, value) => (value !== null && typeof value === "object" && value.$float === "nan" ? NaN : value),
  );
  const shadow = page.attachShadow({ mode: "open" });
  page.dataset.lmSuppressShortcuts = "true"; // keys pressed in here are not JupyterLab's, which deletes cells by them
  followHost(page);
  const sheet = new CSSStyleSheet(); // allowed by the strictest policy, unlike a <style>
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];
  const root = element("div", { class: "app" });
  const spoken = element("div", { class: "visually-hidden", "aria-live": "polite", role: "status" });
  shadow.append(root, spoken);

  /* An element with attributes and children; text stays text, whatever is in it. */
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.map((child) => (child instanceof Node ? child : String(child))));
    return made;
  }

  /* The <svg> of one of our own SVG documents, to be inserted; its colours follow the page, its size the window. */
  function svgFrom(text) {
    const bare = withoutStyle(text).replace(/(<svg\b[^>]*?) style=("[^"]*"|'[^']*')/, "$1");
    const parsed = new DOMParser().parseFromString(bare, "image/svg+xml").documentElement;
    if (parsed.localName !== "svg" || parsed.querySelector("parsererror")) throw new Error("not an SVG document");
    return document.importNode(harmless(parsed), true);
  }

  /* The text of the picture that the page opens with: it need not be in the data again. */
  function pictureText() {
    const [head, ...rest] = page.querySelector("img").getAttribute("src").split(",");
    const body = rest.join(",");
    if (!head.endsWith(";base64")) return withoutStyle(decodeURIComponent(body));
    return withoutStyle(new TextDecoder().decode(Uint8Array.from(atob(body), (byte) => byte.charCodeAt(0))));
  }

  function prefersReducedMotion() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /* Said by a screen reader when it has finished what it says now. */
  function announce(text) {
    spoken.textContent = text;
  }

  try {
    begin();
  } catch (error) {
    stay(error);
  }

  function begin() {
/* SCRIPT */
    start(root, data);
  }

  /* The picture stays, with what is the matter below it. */
  function stay(error) {
    const said = element("p", { class: "problem" }, `The live version could not start (${error}). The picture is complete.`);
    root.replaceChildren(document.createElement("slot"), said);
  }
}

/* A notebook has a theme of its own, whatever the system's is: JupyterLab, VS Code and Colab each say so elsewhere. */
function hostTheme() {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "true" ? "light" : "dark";
  if (vscodeThemeKind) return vscodeThemeKind.endsWith("light") ? "light" : "dark";
  return document.documentElement.getAttribute("theme") || "system";
}

function followHost(page) {
  const observer = new MutationObserver(follow);
  const options = { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind", "theme"] };
  observer.observe(document.body, options);
  observer.observe(document.documentElement, options);
  follow();

  function follow() {
    page.dataset.theme = hostTheme();
  }
}

/* The style of a document is for where it stands alone, as an image. */
function withoutStyle(text) {
  return text.replace(/<style[\s\S]*?<\/style>/g, "");
}

/* Our SVG consists of shapes and text; what else a document might hold is not let in. */
function harmless(svg) {
  for (const made of [svg, ...svg.querySelectorAll("*")]) {
    if (!SHAPES.has(made.localName)) made.remove();
    for (const name of made.getAttributeNames()) {
      if (/^(on.*|style|(xlink:)?href)$/i.test(name)) made.removeAttribute(name);
    }
  }
  return svg;
}

/* A number as Python's number_text writes it: four decimals, or scientific where they would show too little. */
function numberText(x) {
  if (x === null || x === undefined) return "—";
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return "0.0000";
  const size = Math.abs(x);
  const sign = x < 0 ? "-" : "";
  if (1e-3 <= size && size < 1e6) return sign + toEven(size.toFixed(4), size.toFixed(60));
  return sign + scientific(size);
}

function scientific(size) {
  const [digits, power] = size.toExponential(3).split("e");
  const [exact, exactPower] = size.toExponential(60).split("e");
  const rounded = toEven(digits, exact);
  const exponent = rounded === digits ? power : exactPower;
  return `${rounded}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

/* JavaScript rounds a tie up, Python to the even digit; `exact` has the digits that follow. */
function toEven(rounded, exact) {
  const digits = rounded.split(".")[1].length;
  const kept = exact.slice(0, exact.indexOf(".") + 1 + digits);
  const isTie = /^50*$/.test(exact.slice(kept.length));
  return isTie && "02468".includes(kept[kept.length - 1]) ? kept : rounded;
}

const SHAPES = new Set(
  "svg title desc defs marker clipPath g rect circle ellipse line path polygon polyline text tspan".split(" "),
);
const KEY = "/* KEY */";
for (const page of document.querySelectorAll(`[data-autograd-page="${KEY}"]`)) {
  if (!page.shadowRoot) live(page);
}
