import type { Lesson, Lessons } from "./record.ts";

/** The record with one more lesson, numbered on. Unsigned. */
export function withLesson(
  record: Lessons | undefined,
  stack: string,
  lesson: Omit<Lesson, "id">,
  now: Date,
): { readonly record: Lessons; readonly id: string } {
  const before = record?.lessons ?? [];
  const id = `L${Math.max(0, ...before.map((one) => Number(one.id.slice(1)))) + 1}`;
  return { id, record: { kind: "lessons", stack, at: now.toISOString(), lessons: [...before, { id, ...lesson }] } };
}

/**
 * The record with the action of a lesson done. Unsigned.
 *
 * @throws Error when there is no such lesson, or its action is done.
 */
export function withDone(
  record: Lessons | undefined,
  id: string,
  done: { on: string; how: string },
  now: Date,
): Lessons {
  const lessons = record?.lessons ?? [];
  const lesson = lessons.find((one) => one.id === id);
  if (record === undefined || lesson === undefined)
    throw new Error(`there is no lesson ${id}; there is ${lessons.map((one) => one.id).join(", ") || "none"}`);
  if (lesson.action.done !== undefined) throw new Error(`the action of ${id} was done on ${lesson.action.done.on}`);
  const next = { ...lesson, action: { ...lesson.action, done } };
  return { ...record, at: now.toISOString(), lessons: lessons.map((one) => (one.id === id ? next : one)) };
}
