// Shows the questions: those of the pressed verdicts, outcomes and kinds that hold the searched words, a
// page at a time. Texts enter the page as text, never as HTML.
"use strict";

(() => {
  const PAGE = 100;
  const element = (id) => document.getElementById(id);
  const questions = JSON.parse(element("data").textContent);
  const buttons = [...document.querySelectorAll("button[data-filter]")];
  const explanations = Object.fromEntries(
    buttons.map((button) => [button.dataset.value, button.title]),
  );
  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();
  const searched = questions.map((q) =>
    plain(
      [q.question, ...q.accepted, q.answer ?? q.guess, ...q.rivals, q.citation?.join(""), q.article, q.id].join("\n"),
    ),
  );

  let matching = [];
  let shown = 0;

  function pressed(filter) {
    return new Set(
      buttons
        .filter((button) => button.dataset.filter === filter && isPressed(button))
        .map((button) => button.dataset.value),
    );
  }

  function isPressed(button) {
    return button.getAttribute("aria-pressed") === "true";
  }

  function filter() {
    const verdicts = pressed("verdict");
    const outcomes = pressed("outcome");
    const kinds = pressed("kind");
    const words = plain(element("search").value);
    matching = questions.filter(
      (q, number) =>
        (!verdicts.size || verdicts.has(q.verdict)) &&
        (!outcomes.size || outcomes.has(q.outcome)) &&
        (!kinds.size || kinds.has(q.kind)) &&
        searched[number].includes(words),
    );
    shown = 0;
    element("list").replaceChildren();
    showMore();
  }

  function showMore() {
    const cards = matching.slice(shown, shown + PAGE).map(card);
    element("list").append(...cards);
    shown += cards.length;
    element("more").hidden = shown === matching.length;
    element("count").textContent =
      `${number(matching.length)} of ${number(questions.length)} questions` +
      (shown < matching.length ? `, the first ${number(shown)} shown` : "");
    return cards[0];
  }

  function card(q) {
    const card = element("card").content.cloneNode(true).firstElementChild;
    const part = (selector) => card.querySelector(selector);
    part(".verdict").textContent = q.verdict;
    part(".verdict").title = explanations[q.verdict];
    part(".verdict").classList.add(q.verdict);
    part(".article").textContent = q.article;
    part(".question").textContent = q.question;
    if (q.answer !== null) {
      part(".answer").append(made("bdi", q.answer));
    } else if (q.rivals.length) {
      part(".answer").classList.add("none");
      part(".answer").append("neither claimed: ");
      q.rivals.forEach((rival, number) =>
        part(".answer").append(number ? " or " : "", made("bdi", rival)),
      );
    } else {
      part(".answer").classList.add("none");
      part(".answer").append("no answer given");
      if (q.guess !== null) part(".answer").append("; best guess: ", made("bdi", q.guess));
    }
    if (q.accepted.length) {
      q.accepted.forEach((gold) => part(".accepted").append(made("bdi", gold)));
    } else {
      part(".accepted").classList.add("none");
      part(".accepted").append("none: what was asked does not say");
    }
    if (q.citation) {
      const [before, answer, after] = q.citation;
      part("blockquote p").append(before, made("mark", answer), after);
      part("blockquote footer").textContent = q.place;
    } else {
      part("blockquote").remove();
    }
    part(".facts").append(...q.facts.map((fact) => made("li", fact)));
    return card;
  }

  function made(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  function number(count) {
    return count.toLocaleString("en");
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!isPressed(button)));
      filter();
    });
  }
  element("search").addEventListener("input", filter);
  element("more").addEventListener("click", () => showMore().focus());
  filter();
})();
