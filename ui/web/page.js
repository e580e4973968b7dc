// What is used in the page. Runs once, after document.js and marks.js, when the article pane is there.
// Gradio hands over `element` (the pane), `trigger` (tells the server) and `watch` (tells of a new
// value).
//
// A citation's link says where it leads: #<article>:<sentence>:<answers>, each place as start-end in
// code points of the article's text, and unless it leads to an answer :<what it leads to>.

const PLACE = /^#([0-9a-f]+):(\d+-\d+):([\d,-]*)(?::([a-z-]+))?$/;

let wanted = null; // what to mark once its article is there
let cameFrom = null; // the citation to go back to
let newest = null; // the answer whose citations were marked last

const span = (text) => text.split("-").map(Number);

function placeOf(link) {
  const [, key, sentence, answers, role] = PLACE.exec(link.getAttribute("href"));
  const spans = answers ? answers.split(",").map(span) : [];
  return { key, sentence: span(sentence), answers: spans, role };
}

// Marks what an answer cites; a citation that was chosen is scrolled to and focused.
function show(card, chosen) {
  const cited = [...card.querySelectorAll("a.cite.cited")];
  const links = !chosen || cited.includes(chosen) ? cited : [chosen];
  const target = placeOf(chosen ?? links[0]);
  const places = links.map((link) => (link === chosen ? target : placeOf(link)));
  wanted = { key: target.key, focus: chosen ? target : null };
  wanted.places = places.filter((place) => place.key === target.key);
  if (shownArticle() === target.key) settle();
  else trigger("select", { key: target.key });
}

function settle() {
  if (wanted?.key !== shownArticle()) return;
  const { places, focus } = wanted;
  wanted = null;
  mark(places, focus);
}

watch("value", () => {
  forget();
  arrange();
  settle();
});
arrange();

// On a narrow page the article is a sheet below the conversation, which the handle opens and closes.
const reading = element.closest("#reading");
const handle = document.createElement("button");
handle.id = "sheet-handle";
handle.textContent = "Article";
handle.addEventListener("click", () => sheet(!reading.classList.contains("open")));
reading.prepend(handle);
sheet(false);

function sheet(open, citing = false) {
  reading.classList.toggle("open", open);
  reading.classList.toggle("citing", open && citing);
  handle.setAttribute("aria-expanded", String(open));
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https, browsers give no clipboard to a page of another machine.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const label = button.textContent;
  if (label === "Copied") return;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), 1500);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#chat a.cite, #chat .copy, #chat a.share, #chat .verdict");
  if (!link) return;
  if (link.matches(".verdict")) {
    trigger("like", { verdict: link.value });
  } else if (link.matches(".copy")) {
    copy(link, link.closest(".answer-card").querySelector(".copied").textContent);
  } else if (link.matches(".share")) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    copy(link, link.href);
  } else {
    cameFrom = link;
    sheet(true, true);
    show(link.closest(".answer-card"), link);
  }
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const focused = document.activeElement;
  if (focused.getAttribute("aria-expanded") === "true" && focused !== handle) return; // an open list
  if (element.contains(focused) && cameFrom?.isConnected) cameFrom.focus();
  else if (reading.classList.contains("open") && reading.contains(focused)) handle.focus();
  sheet(false);
});

// Words that are selected in the article are what a correction takes.
function offsetOf(node, offset) {
  const own = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const text = own.closest("[data-start]");
  if (!text) return null;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(node, offset);
  return Number(text.dataset.start) + [...before.toString()].length;
}

function pick() {
  const selection = getSelection();
  if (selection.isCollapsed || !document.querySelector("#correction")) return;
  const range = selection.getRangeAt(0);
  const selected = shownTexts().filter((text) => range.intersectsNode(text));
  if (!selected.length || !element.contains(range.commonAncestorContainer)) return;
  const start = offsetOf(range.startContainer, range.startOffset) ?? startOf(selected[0]);
  const end = offsetOf(range.endContainer, range.endOffset) ?? endOf(selected.at(-1));
  if (start < end) trigger("input", { key: shownArticle(), start, end });
}
// However it is made: by mouse, by keyboard, or by finger, which lets nothing else be known.
let picking;
document.addEventListener("selectionchange", () => {
  clearTimeout(picking);
  picking = setTimeout(pick, 300);
});

// Gradio names each message after its raw HTML, which a screen reader would read out, calls the
// examples a list without list items, and does not say what is folded.
function mend() {
  for (const fold of document.querySelectorAll("button.label-wrap")) {
    fold.setAttribute("aria-expanded", String(fold.classList.contains("open")));
  }
  for (const named of document.querySelectorAll("#chat [data-testid][aria-label]")) {
    named.removeAttribute("aria-label");
  }
  document.querySelector("#chat .examples[role=list]")?.removeAttribute("role");
}

// A new answer is read from its question on.
function scrollToNewest() {
  const asked = [...document.querySelectorAll("#chat .user-row, #chat .bot-row")].at(-2);
  const log = asked?.closest("[role=log]");
  const above = asked?.getBoundingClientRect().top - log?.getBoundingClientRect().top;
  log?.scrollTo({ top: log.scrollTop + above - 40, behavior: calm() ? "instant" : "smooth" });
}

function follow() {
  mend();
  const last = [...document.querySelectorAll("#chat [data-testid=bot]")].at(-1);
  const card = last?.querySelector(".answer-card");
  const seen = last?.textContent;
  if (seen === newest) return;
  newest = seen;
  scrollToNewest();
  if (card?.querySelector("a.cite.cited")) show(card, null);
  else if (pane()) mark([], null);
}
new MutationObserver(follow).observe(document.body, {
  attributeFilter: ["aria-label", "class"],
  childList: true,
  subtree: true,
});
follow();

// A link to an answer asks its question again.
const linked = new URLSearchParams(location.search).get("q");
if (linked) trigger("submit", { question: linked });

window.articleQA = {
  // Saves a file that the server made.
  save(file) {
    const { name, kind, text } = JSON.parse(file);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: kind }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
};
