import { createTwoFilesPatch } from "diff";
import type { FileEdit } from "../types";
import { alignedHunks, type LinePair } from "./alignedDiff";

/** What an edit gives: the whole new text, and a sentence for each kind of change. No sentence, no change. */
export interface Edited {
  text: string;
  why: string[];
  /** Which piece of the new text came of which of the old one, where the edit knows it: the diff need not be searched for then. */
  lines?: LinePair[];
}

/** A text cut into lines, each with the line end that it had, so that joining gives the same bytes. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its line end, and the line end. */
export function splitLineEnd(line: string): [body: string, lineEnd: string] {
  const lineEnd = /\r?\n?$/.exec(line)?.[0] ?? "";
  return [line.slice(0, line.length - lineEnd.length), lineEnd];
}

/** The line end that a text uses, for lines added to it. */
export function lineEndOf(text: string): string {
  return /\r\n/.test(text) ? "\r\n" : "\n";
}

/** The text with a line at its end, whether or not it ended in a line end. */
export function appendLine(text: string, line: string): string {
  const lineEnd = lineEndOf(text);
  return (text === "" || text.endsWith("\n") ? text : text + lineEnd) + line + lineEnd;
}

/** The reasons in the order in which they first came up, each once. */
export class Reasons {
  private readonly sentences = new Set<string>();

  /** Notes the reason where the text changed, and hands the new text on. */
  note(before: string, after: string, why: string): string {
    if (before !== after) this.sentences.add(why);
    return after;
  }

  list(): string[] {
    return [...this.sentences];
  }
}

/** The record of an edit; `undefined` if the text stays as it is. */
export function fileEdit(path: string, before: string | undefined, after: Edited): FileEdit | undefined {
  if (before === after.text) return undefined;
  const action = before === undefined ? "create" : "edit";
  const diff = after.lines
    ? [...diffHeader(`a${path}`, `b${path}`), ...alignedHunks(after.lines)]
    : unifiedDiff(path, before, after.text);
  return { path, action, why: after.why, diff };
}

/** The record of an edit of a file, none if there is no such file or nothing to change. */
export function editIfThere(
  path: string,
  read: (path: string) => string | undefined,
  edit: (text: string) => Edited,
): FileEdit[] {
  const text = read(path);
  const edited = text === undefined ? undefined : fileEdit(path, text, edit(text));
  return edited ? [edited] : [];
}

/** The record of a file's removal. A link, or a file that is no text, is removed without a diff. */
export function fileRemoval(path: string, why: string, before?: string): FileEdit {
  const diff = before === undefined ? [] : unifiedDiff(path, before, undefined);
  return { path, action: "remove", why: [why], diff };
}

/**
 * A unified diff with three lines of context, a line each. `before` is `undefined` for a file that is made, `after` for
 * one that goes.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string[] {
  const from = before === undefined ? "/dev/null" : `a${path}`;
  const to = after === undefined ? "/dev/null" : `b${path}`;
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, {
    context: 3,
  });
  return patch.replace(/\n$/, "").split("\n").slice(1);
}

function diffHeader(from: string, to: string): string[] {
  return [`--- ${from}`, `+++ ${to}`];
}
