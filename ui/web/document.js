// How an article is shown: as its document looks, or as its text. Runs before marks.js and page.js,
// with the same names at hand.
//
// The server tells of an article which look its document has (data-view): "pages" are drawn one by one
// when they come near the window, "markup" is HTML that is put in once, whatever has none is text.

const LOOKS = { pages: "Document", markup: "Document", text: "Text" };
const ZOOMS = { smaller: ["Smaller", -1], larger: ["Larger", 1] };
const LARGEST = 2; // steps from a page that is as wide as the pane
const PAGES_KEPT = 24; // drawn pages out of sight, before they are let go; fewer where they are large
const WIDTHS = [640, 960, 1440, 2160]; // pixels, as the server draws them

const pane = () => element.querySelector("article");
const shownArticle = () => pane()?.dataset.key;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

let asText = false; // what was chosen last; it stays for the next article
let zoom = null; // as it was chosen
let opened = null; // resolves once what is shown is there
let watching = null; // sees which pages come near

// Gradio says where it is served, which is not the root where a proxy is in front.
function address(path) {
  const root = new URL(window.gradio_config?.root ?? ".", document.baseURI).href;
  return `${root.replace(/\/$/, "")}/document/${shownArticle()}/${path}`;
}

// The look that is shown: "pages", "markup" or "text".
const look = () => (asText || !pane()?.dataset.view ? "text" : pane().dataset.view);

// A page that is as wide as a telephone cannot be read.
const narrow = matchMedia("(max-width: 51.99rem)");
const zoomed = () => zoom ?? (narrow.matches ? 1 : 0);
narrow.addEventListener("change", () => zoom === null && present(true));

// The element whose texts are marked; for pages there is none.
const shownPart = () => pane()?.querySelector(`:scope > .${look()}`);

// Called for every new article: puts the document beside its text.
function arrange() {
  watching?.disconnect();
  element.querySelector(".views")?.remove();
  const article = pane();
  const view = article?.dataset.view;
  article?.scrollTo({ top: 0, behavior: "instant" });
  if (!view) {
    opened = Promise.resolve();
    return;
  }
  const switches = document.createElement("div");
  switches.className = "views";
  switches.setAttribute("role", "group");
  switches.setAttribute("aria-label", "How the article is shown");
  for (const each of [...(view === "pages" ? Object.keys(ZOOMS) : []), view, "text"]) {
    const button = document.createElement("button");
    button.value = each;
    button.textContent = LOOKS[each] ?? ZOOMS[each][0];
    switches.append(button);
  }
  const part = document.createElement("div");
  part.className = view;
  if (view === "pages") part.append(...pagesOf(article));
  article.before(switches);
  article.append(part);
  present();
}

// Shows the look that is chosen; pages are drawn anew if they are of another size now.
function present(resized) {
  const article = pane();
  if (!article?.dataset.view) return;
  for (const button of element.querySelectorAll(".views button")) {
    if (button.value in ZOOMS) {
      const [, step] = ZOOMS[button.value];
      button.hidden = look() !== "pages";
      button.setAttribute("aria-disabled", String(zoomed() === (step < 0 ? 0 : LARGEST)));
    } else {
      button.setAttribute("aria-pressed", String(button.value === look()));
    }
  }
  for (const part of article.querySelectorAll(":scope > :is(.text, .pages, .markup)")) {
    part.hidden = !part.classList.contains(look());
  }
  watching?.disconnect();
  article.dataset.zoom = look() === "pages" ? zoomed() : 0;
  if (resized && look() === "pages") for (const page of shownPart().children) clear(page);
  if (look() === "pages") drawWhatIsNear();
  const part = shownPart();
  opened = look() === "markup" ? (part.filled ??= fill(part)) : Promise.resolve();
}

// What a button of the switch does.
function choose(value) {
  if (value in ZOOMS) zoom = Math.min(Math.max(zoomed() + ZOOMS[value][1], 0), LARGEST);
  else asText = value === "text";
  present(value in ZOOMS);
}

// Shows the text alone, and says why.
function fallBack(why) {
  const article = pane();
  if (!article?.dataset.view) return;
  watching?.disconnect();
  delete article.dataset.view;
  element.querySelector(".views").remove();
  article.querySelector(":scope > :is(.pages, .markup)").remove();
  article.querySelector(".text").hidden = false;
  const line = document.createElement("p");
  line.className = "why";
  line.setAttribute("role", "status");
  line.textContent = why;
  article.querySelector("h2").after(line);
}

async function get(path) {
  const key = shownArticle();
  let why = "The document cannot be reached; only its text is shown.";
  try {
    const found = await fetch(address(path));
    if (found.ok) return found;
    if (found.status === 410) why = await found.text();
  } catch {
    // Said below.
  }
  if (key === shownArticle()) fallBack(why);
  return undefined;
}

// Pages

function pagesOf(article) {
  const pages = [];
  for (const row of article.dataset.sizes.split(" ")) {
    const [, first, last, width, height] = /^(\d+)-(\d+):([\d.e+]+)x([\d.e+]+)$/.exec(row);
    for (let number = Number(first); number <= Number(last); number += 1) {
      const page = document.createElement("div");
      page.className = "page";
      page.dataset.number = number;
      page.style.aspectRatio = `${width} / ${height}`;
      page.style.setProperty("--points", width);
      page.setAttribute("role", "group");
      page.setAttribute("aria-label", `Page ${number}`);
      pages.push(page);
    }
  }
  return pages;
}

function drawWhatIsNear() {
  const near = new Set();
  watching = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) {
        if (isIntersecting) near.add(target);
        else near.delete(target);
        // Who scrolls past many pages is not to have them all drawn.
        if (isIntersecting) setTimeout(() => near.has(target) && draw(target), 120);
      }
      const drawn = [...element.querySelectorAll(".page:has(> img)")];
      if (drawn.length <= PAGES_KEPT / (1 + zoomed()) ** 2) return;
      for (const page of drawn) if (!near.has(page)) clear(page);
    },
    { root: pane(), rootMargin: "60% 0px" },
  );
  for (const page of shownPart().children) watching.observe(page);
}

function clear(page) {
  for (const part of page.querySelectorAll(":scope > :is(img, .lines)")) part.remove();
}

function draw(page) {
  if (!page.isConnected || page.querySelector("img")) return;
  const wanted = page.clientWidth * devicePixelRatio;
  const width = WIDTHS.find((each) => each >= wanted) ?? WIDTHS.at(-1);
  const image = document.createElement("img");
  const path = `page/${page.dataset.number}.png?w=${width}`;
  image.alt = ""; // its words lie over it
  image.decoding = "async";
  image.onerror = () => image.isConnected && get(path);
  image.src = address(path);
  page.prepend(image);
  layLines(page);
}

// Lays the words of a page over it, unseen, so that they can be selected, found and read out.
async function layLines(page) {
  const layer = document.createElement("div");
  layer.className = "lines";
  page.append(layer);
  const lines = await (await get(`page/${page.dataset.number}/lines`))?.json();
  if (!lines || !layer.isConnected) return;
  const laid = lines.map(([start, text, left, top, right, bottom]) => {
    const line = document.createElement("span");
    line.dataset.start = start;
    line.textContent = text;
    line.style.cssText = `left:${left}%;top:${top}%;font-size:${bottom - top}cqh`;
    return { line, share: (right - left) / 100 };
  });
  layer.append(...laid.map(({ line }) => line));
  const widths = laid.map(({ line }) => line.offsetWidth); // all at once, before any is changed
  for (const [number, { line, share }] of laid.entries()) {
    const wide = widths[number];
    if (wide) line.style.transform = `scaleX(${(share * page.clientWidth) / wide})`;
  }
}

// HTML: the server has sanitised it already; nothing is taken on trust, all the same.

const words = (text) => new Set(text.split(" "));
const ELEMENTS = words(
  "b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure " +
    "h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q rp rt ruby s samp small span strong sub sup table " +
    "tbody td tfoot th thead time tr u ul var wbr",
);
// What the page has its own of: another main part or header would lead a screen reader astray.
const SECTIONS = words("address article aside body details footer header main nav section summary");
const FORGOTTEN = "script, style, template, iframe, object, embed, svg, math, noscript, form, head";
const ATTRIBUTES = Object.entries({
  "data-start": /^\d{1,12}$/,
  "data-also": /^\d{1,12}( \d{1,12})*$/,
  "data-part": /^[^<>]{1,200}$/,
  class: /^(alt|link)$/,
  colspan: /^\d{1,3}$/,
  rowspan: /^\d{1,3}$/,
  "data-marker": /^\S{1,40}$/,
  "data-depth": /^[1-5]$/,
  start: /^\d{1,9}$/,
  value: /^\d{1,9}$/,
  dir: /^(ltr|rtl|auto)$/,
  lang: /^[A-Za-z0-9-]{2,35}$/,
});

async function fill(part) {
  const found = await get("view");
  const copy = await found?.text();
  if (copy === undefined || !part.isConnected) return;
  const read = new DOMParser().parseFromString(copy, "text/html");
  for (const each of read.querySelectorAll(FORGOTTEN)) each.remove();
  part.replaceChildren(...harmless(read.body));
  // What stands before the article's own text, such as a menu, is scrolled past.
  const first = part.querySelector("[data-start='0']") ?? part.querySelector("[data-start]");
  const above = first?.getBoundingClientRect().top - pane().getBoundingClientRect().top;
  if (above > pane().clientHeight / 2) pane().scrollTo({ top: above - 16, behavior: "instant" });
}

// Returns new nodes for what is within a node; no element is carried over, not even an allowed one.
function harmless(from) {
  const root = document.createDocumentFragment();
  const open = [[from, root]];
  while (open.length) {
    const [source, target] = open.pop();
    for (const node of source.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        target.append(node.data);
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        const name = node.localName;
        const other = SECTIONS.has(name) ? "div" : "span";
        const made = document.createElement(ELEMENTS.has(name) ? name : other);
        for (const [each, fits] of ATTRIBUTES) {
          const value = node.getAttribute(each);
          if (value !== null && fits.test(value)) made.setAttribute(each, value);
        }
        target.append(made);
        open.push([node, made]);
      }
    }
  }
  return root.childNodes;
}
