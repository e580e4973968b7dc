// What is marked in an article. Runs after document.js and before page.js.
//
// In texts, elements say where they start (data-start) in code points of the article's text, and where
// it has the same once more (data-also). On pages, the server tells which rectangles a stretch of the
// text is seen in.

let marked = { places: [], focus: null }; // what is marked now, or will be once it is there
let lengths = new WeakMap(); // code points of each text that was measured

const shownTexts = () => [...(shownPart()?.querySelectorAll("[data-start]") ?? [])];
const startOf = (text) => Number(text.dataset.start);

function lengthOf(text) {
  if (!lengths.has(text)) lengths.set(text, [...text.textContent].length);
  return lengths.get(text);
}
const endOf = (text) => startOf(text) + lengthOf(text);
const startsOf = ({ dataset: { start, also } }) => [start, ...(also?.split(" ") ?? [])].map(Number);

// Called for every new article.
function forget() {
  marked = { places: [], focus: null };
  lengths = new WeakMap(); // Gradio puts new texts into old elements
}

// Marks places in the article that is shown, the one in focus more strongly, and scrolls there.
async function mark(places, focus) {
  const mine = { places, focus };
  marked = mine;
  let shown;
  do {
    shown = look();
    await opened;
    if (shown === "pages") await markPages(mine);
    else if (mine === marked) markTexts(places, focus);
  } while (shown !== look()); // it could not be shown so
  if (mine === marked && places.length) scrollToMark(focus !== null);
}

// How a piece of the text is marked: by the first place that says so.
function styleOf(piece, [start, end], places, focus) {
  const inside = ([first, last]) => first <= start && start < last;
  const here = places.filter((place) => inside(place.sentence));
  if (!here.length) return false;
  const said = here.find((place) => place.answers.some(inside));
  const place = said ?? here[0];
  piece.className = said ? "answer" : "cited";
  if (place.role) {
    piece.classList.add(place.role);
    // The colour is not to be all that tells it from an answer.
    const ends = place.answers.length ? place.answers : [place.sentence];
    if (ends.some(([, last]) => last === end)) piece.dataset.word = place.role.replaceAll("-", " ");
  }
  if (here.includes(focus)) piece.classList.add("focus");
  return true;
}

function markTexts(places, focus) {
  const edges = places.flatMap((place) => [place.sentence, ...place.answers]).flat();
  const near = (first, last) => places.some(({ sentence: [a, b] }) => a < last && first < b);
  for (const text of shownTexts()) {
    if (text.querySelector("mark")) text.textContent = text.textContent;
    const length = lengthOf(text);
    const first = startsOf(text).find((start) => near(start, start + length));
    if (first === undefined) continue;
    const last = first + length;
    const characters = [...text.textContent];
    const cuts = [...new Set([first, last, ...edges.filter((at) => first < at && at < last)])];
    cuts.sort((a, b) => a - b);
    const pieces = cuts.slice(0, -1).map((start, number) => {
      const end = cuts[number + 1];
      const piece = document.createElement("mark");
      piece.textContent = characters.slice(start - first, end - first).join("");
      return styleOf(piece, [start, end], places, focus) ? piece : piece.textContent;
    });
    text.replaceChildren(...pieces);
  }
}

// Sentences lie under the answers that stand in them. What several citations lead to is marked once.
function stretches(places, focus) {
  const found = new Map();
  for (const name of ["cited", "answer"]) {
    for (const place of focus ? [focus, ...places] : places) {
      for (const each of name === "cited" ? [place.sentence] : place.answers) {
        const stretch = `${each[0]}-${each[1]}`;
        if (!found.has(name + stretch)) found.set(name + stretch, { name, place, stretch });
      }
    }
  }
  return [...found.values()];
}

async function markPages(mine) {
  const { places, focus } = mine;
  const wanted = stretches(places, focus);
  const at = wanted.map((each) => each.stretch).join(",");
  const found = at ? await (await get(`boxes?at=${at}`))?.json() : [];
  if (mine !== marked || look() !== "pages" || !found) return;
  for (const old of element.querySelectorAll(".page > .lit")) old.remove();
  for (const [number, { name, place, stretch }] of wanted.entries()) {
    for (const [line, [page, left, top, right, bottom]] of (found[number] ?? []).entries()) {
      const piece = document.createElement("mark");
      piece.className = name;
      if (place.role) piece.classList.add(place.role);
      // The colour is not to be all that tells it from an answer.
      const told = name === "answer" || !place.answers.length;
      if (place.role && told) piece.classList.add("hedged");
      if (place === focus) piece.classList.add("focus");
      piece.style.cssText =
        `left:${left}%;top:${top}%;width:${right - left}%;height:${bottom - top}%`;
      if (line) {
        piece.ariaHidden = "true";
      } else {
        // What is drawn cannot be read out.
        const role = place.role?.replaceAll("-", " ") ?? "answer";
        piece.setAttribute("role", "img");
        piece.ariaLabel = `${name === "cited" ? "cited sentence" : role}: “${textOf(stretch)}”`;
      }
      litOf(page)?.append(piece);
    }
  }
}

// What is marked on a page lies in one layer, through which the page is seen.
function litOf(number) {
  const page = shownPart().querySelector(`:scope > [data-number="${number}"]`);
  const lit = page?.querySelector(".lit");
  if (lit || !page) return lit;
  const made = document.createElement("div");
  made.className = "lit";
  page.append(made);
  return made;
}

// The words of a stretch, out of the text that lies behind the pages.
function textOf(stretch) {
  const [start, end] = stretch.split("-").map(Number);
  return [...pane().querySelectorAll(":scope > .text [data-start]")]
    .filter((text) => startOf(text) < end && start < endOf(text))
    .map((text) => {
      const from = Math.max(start - startOf(text), 0);
      return [...text.textContent].slice(from, end - startOf(text)).join("");
    })
    .join(" ");
}

function scrollToMark(focused) {
  const part = shownPart();
  const target =
    part.querySelector(focused ? "mark.focus.answer" : "mark.answer") ??
    part.querySelector(focused ? "mark.focus" : "mark");
  if (!target) return;
  const leftOf = (each) => each.getBoundingClientRect().left;
  for (let table = target.closest("table"); table; table = table.parentElement.closest("table")) {
    table.scrollLeft += leftOf(target) - leftOf(table) - table.clientWidth / 3;
  }
  // The pane scrolls, not the page: the conversation stays where it is.
  const [place, around] = [target, pane()].map((each) => each.getBoundingClientRect());
  const top = pane().scrollTop + place.top - around.top - pane().clientHeight / 3;
  // From where its line begins, if both are to be seen then.
  const lines = [...target.parentElement.querySelectorAll("mark.cited")];
  const begins = Math.min(place.left, ...lines.map(leftOf));
  const fits = place.right - begins < pane().clientWidth - 32;
  const ahead = fits ? 16 : Math.max(16, (pane().clientWidth - place.width) / 2);
  const from = pane().scrollLeft - around.left;
  const seen = place.right + from < pane().clientWidth;
  const left = seen ? 0 : from + (fits ? begins : place.left) - ahead;
  pane().scrollTo({ top, left, behavior: calm() ? "instant" : "smooth" });
  if (focused) {
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
}

// Looks are switched by two buttons; what is marked is marked in the other look, too.
element.addEventListener("click", (event) => {
  const button = event.target.closest(".views button");
  if (!button) return;
  choose(button.value);
  mark(marked.places, marked.focus);
  button.focus();
});
