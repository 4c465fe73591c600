// Practice: the replay stops at every edge and goes on when its two questions are answered, shown or skipped.
// Read next: question.js, what is asked.

const RULES_OF_PRACTICE = [
  "Type a number in any usual form: 0.5, .5, 0,5, 1/2, -1e-3, 2*3. Enter checks, then Enter goes on.",
  "Right is what agrees to a thousandth, or as it is shown, or rounded to three digits or four decimals. " +
    "What follows from the numbers as they are shown is right too.",
  "Hints cost nothing. What is right after a wrong answer, shown or skipped is not counted as right.",
];

/** Turn a replay, whose steps hold questions, into a practice. */
function practise(root, replay) {
  const { graph, steps, panel, player } = replay;
  const questions = steps.flatMap((step, s) => (step.kind === "question" ? [s] : []));
  const score = element("p", { class: "score" });
  const after = element("div", { class: "after" });
  panel.view.prepend(score);
  panel.formula.after(after);
  let numbers = replay.values();
  let count;
  let open; // the question that is open; see `ask`
  let told = null; // the verdict on the last answer of an edge, which its revealed step shows
  let isNew = true; // nothing has been done yet: the focus stays where it is

  const button = (text, kind, action) => {
    const made = element("button", { type: "button", class: kind }, text);
    made.addEventListener("click", action);
    return made;
  };

  /** Up to the first question at or after step s: further the replay does not go. */
  function unlock(s) {
    const next = questions.find((question) => question >= s);
    player.limitTo(next === undefined ? steps.length - 1 : next);
  }

  function begin() {
    count = { right: 0, asked: 0 };
    open = { step: null };
    told = null;
    unlock(0);
    showScore();
  }

  function showScore() {
    score.textContent = count.asked
      ? `Right at first try: ${count.right} of ${count.asked} asked so far (${2 * questions.length} questions)`
      : `${2 * questions.length} questions: a local derivative and a gradient for each edge.`;
  }

  function settle(isRight, questionsAsked = 1) {
    count.asked += questionsAsked;
    if (isRight) count.right += 1;
    showScore();
  }

  /** Open the question of an edge: `which` of the two, how often it was tried, how many hints were given. */
  function ask(s, which) {
    const asked = askedAt(graph, replay.values(), steps[s]);
    open = { step: s, which, tries: 0, hints: 0, isSettled: false, asked };
    open.input = element("input", { type: "text", inputmode: "text", id: "answer", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", maxlength: String(LONGEST_ANSWER), "aria-describedby": "verdict" });
    open.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        check();
      }
    });
    open.check = button("Check", "check", check);
    open.hint = button("Hint", "hint", hint);
    open.show = button("Show", "reveal", reveal);
    open.skip = button("Skip this edge", "skip", skip);
    open.verdict = element("p", { class: "verdict", id: "verdict" });
    open.hinted = element("div", { class: "hinted" });
    open.view = questionView(s);
  }

  function questionView(s) {
    const { asked, which } = open;
    const values = replay.values();
    const { node } = steps[s];
    const line = (title, ...parts) => element("div", { class: "line row" },
      element("span", { class: "title" }, title), element("span", { class: "body" }, ...parts));
    const gradient = (name, x) => [`${name}.grad = `, element("span", { class: "gradient" }, x === null ? "0" : numberText(x))];
    const sides = [asked.node, expressionOf(graph, node), arithmeticOf(graph, values, node), numberText(values.data[node])];
    const known = [
      line("operation", ...sides.flatMap((side, i) => (i ? [" ", term(`= ${side}`)] : [term(side)]))),
      line("gradient that arrives", ...gradient(asked.node, asked.arriving)),
    ];
    if (which === SUM) {
      known.push(line("local derivative", inMath(ratioOf(asked)), " = ", numberText(asked.partial)),
        line("sum so far", ...gradient(asked.receiver, asked.before)));
    }
    const label = which === LOCAL
      ? element("label", { for: "answer" }, "The local derivative ", inMath(ratioOf(asked)), `${asked.which} = `)
      : element("label", { for: "answer" }, `When this edge has sent its part: ${asked.receiver}.grad = `);
    return element("div", { class: "question" }, ...known, element("div", { class: "ask" }, label, open.input),
      element("div", { class: "choices" }, open.check, open.hint, open.show, open.skip), open.verdict, open.hinted);
  }

  function say(text, kind) {
    open.verdict.textContent = text;
    open.verdict.className = `verdict ${kind}`;
    if (kind === "wrong") open.input.setAttribute("aria-invalid", "true");
    else open.input.removeAttribute("aria-invalid");
    open.verdict.scrollIntoView({ block: "nearest" });
    announce(`${text} ${kind === "wrong" ? "" : score.textContent}`.trim());
  }

  function check() {
    if (open.isSettled) return goOn();
    const typed = readAnswer(open.input.value);
    if (typed === null) {
      const isEmpty = !open.input.value.trim();
      const wrong = "This is not a number. Write it as 0.5, -1e-3, 1/2 or 2*3.";
      return say(isEmpty ? "Type a number first, or ask for a hint." : wrong, "wrong");
    }
    const { asked, which } = open;
    if (isRight(typed, asked, which)) return finish(open.tries === 0, `Right: ${shownAnswer()}.`, "right");
    open.tries += 1;
    say(["Not right.", whatIsOff(typed, asked, which)].filter(Boolean).join(" "), "wrong");
    open.input.select();
  }

  function shownAnswer() {
    const { asked, which } = open;
    const { node, receiver, partial } = asked;
    return which === LOCAL ? `∂${node}/∂${receiver} = ${numberText(partial)}` : `${receiver}.grad = ${numberText(asked.after)}`;
  }

  function hint() {
    const { asked, which } = open;
    const step = steps[open.step];
    open.hints += 1;
    const content = open.hints === 1 ? ruleHint(graph, step, asked, which) : numbersHint(graph, replay.values(), step, asked, which);
    open.hinted.replaceChildren(element("span", { class: "title" }, open.hints === 1 ? "Rule: " : "With numbers: "), content);
    open.hint.textContent = "Hint with numbers";
    const spoken = which === LOCAL && open.hints === 1 ? spokenRule(graph, step) : content.textContent;
    announce(`Hint: ${spoken}`);
    open.input.focus();
    open.hinted.scrollIntoView({ block: "nearest" });
    if (open.hints === 2) open.hint.disabled = true;
  }

  function reveal() {
    finish(false, `The answer: ${shownAnswer()}.`, "shown");
  }

  /** The question is done. After the first of an edge Enter goes on to the second; after that the step is revealed. */
  function finish(isRight, text, kind) {
    settle(isRight);
    if (open.which === SUM) return leave(text, kind);
    open.isSettled = true;
    open.input.readOnly = true;
    open.check.textContent = "Go on";
    for (const other of [open.hint, open.show, open.skip]) other.disabled = true;
    say(text, kind);
    open.check.focus();
  }

  function goOn() {
    ask(open.step, SUM);
    panel.formula.replaceChildren(open.view);
    open.input.focus();
  }

  function skip() {
    settle(false, open.which === LOCAL ? 2 : 1);
    leave("Skipped.", "shown");
  }

  /** Reveal the step that was asked about. */
  function leave(text, kind) {
    const next = open.step + 1;
    told = { text, kind };
    unlock(next);
    player.go(next);
    after.querySelector("button").focus();
    announce(`${text} ${score.textContent} ${sentenceOf(graph, replay.values(), steps, next)}`);
    told = null;
  }

  function toNext() {
    player.go(questions.find((question) => question > player.current()) ?? steps.length - 1);
  }

  /** Called after every step. */
  function show(s) {
    if (numbers !== replay.values()) return restart("The numbers have changed, so the questions begin again.");
    const step = steps[s];
    after.replaceChildren();
    if (step.kind === "question") showQuestion(s);
    else if (step.kind === "end") {
      after.append(button("Start again", "again", () => restart("The questions begin again.")));
    } else {
      if (told) after.append(element("p", { class: `verdict ${told.kind}` }, told.text));
      after.append(button(questions.some((question) => question > s) ? "Next question" : "To the end", "next", toNext));
    }
    isNew = false;
  }

  function showQuestion(s) {
    if (!player.isLimit(s)) {
      panel.formula.replaceChildren(element("div", { class: "line said" }, "These questions are done: the next step shows the numbers."));
      after.append(button("Next step", "next", () => player.go(s + 1)));
      return;
    }
    if (open.step !== s) ask(s, LOCAL);
    panel.formula.replaceChildren(open.view);
    if (!isNew && !matchMedia("(pointer: coarse)").matches) (open.isSettled ? open.check : open.input).focus();
  }

  function restart(text) {
    numbers = replay.values();
    begin();
    player.go(seedStep(steps));
    announce(text);
  }

  root.querySelector(".help ul").append(...RULES_OF_PRACTICE.map((text) => element("li", {}, text)));
  replay.listeners.push(show);
  begin();
  player.go(0);
}
