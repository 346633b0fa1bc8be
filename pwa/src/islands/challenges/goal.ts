import { all, one, roll } from "../../lib/dom";
import { number } from "../../lib/format";
import type { Frame, Goal } from "../../lib/frames";
import { _, ngettext } from "../../lib/i18n";
import { hear } from "../../lib/refresh";

const LEAST_MS = 5000;
let asked = 0;
let timer = 0;

/** What is mine is drawn by the server: asked for after a frame, at most every five seconds. */
function stir(board: string): void {
  if (timer) return;
  timer = window.setTimeout(() => {
    timer = 0;
    asked = Date.now();
    hear([`challenge:${board}`]);
  }, Math.max(0, asked + LEAST_MS - Date.now()));
}

/** How far it is, in words. */
function wordsOf(goal: Goal, isOver: boolean): string {
  if (!goal.total) return _("nobody is in yet");
  if (goal.done >= goal.needed) return _("reached together");
  const left = goal.needed - goal.done;
  if (isOver) return ngettext("%(n)s step short", "%(n)s steps short", left);
  return ngettext("%(n)s step to go together", "%(n)s steps to go together", left);
}

/** The goal of a challenge: the figure, its bar, the tasks. */
export function showGoal(root: HTMLElement, frame: Frame): void {
  const goal = frame.goal;
  if (!goal) return;
  roll(one("[data-goal-done]", root), number(goal.done));
  roll(one("[data-goal-total]", root), number(goal.total));
  const bar = one("[data-goal-bar]", root);
  if (bar) bar.style.width = `${goal.total ? (goal.done / goal.total) * 100 : 0}%`;
  const words = one("[data-goal-words]", root);
  if (words && frame.state !== "void") {
    words.textContent = wordsOf(goal, frame.state === "auditing" || frame.state === "final");
  }
  showTasks(root, goal);
  stir(frame.board);
}

function showTasks(root: HTMLElement, goal: Goal): void {
  const list = one("[data-goal-tasks]", root);
  if (!list) return;
  all("li", list).forEach((row, place) => {
    const task = goal.tasks[place];
    const figure = one("[data-goal-task]", row);
    if (!task || !figure) return;
    figure.textContent = `${number(task.done)} / ${number(task.target)}`;
    const isDone = task.target > 0 && task.done === task.target;
    row.classList.toggle("is-done", isDone);
    one(".step-dot", row)?.classList.toggle("done", isDone);
  });
}
