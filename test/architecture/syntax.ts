import ts from 'typescript';
import type { SourceFile } from './source-files.js';

export interface Comment {
  readonly line: number;
  /** Without its marks, on one line. */
  readonly words: string;
  readonly raw: string;
}

export interface FunctionSize {
  /** `path#name`, as the ratchet names it. */
  readonly key: string;
  readonly lines: number;
}

const parse = (file: SourceFile): ts.SourceFile =>
  ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);

const lineOf = (tree: ts.SourceFile, position: number): number =>
  tree.getLineAndCharacterOfPosition(position).line + 1;

function commentRanges(tree: ts.SourceFile): ts.CommentRange[] {
  const found = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const before = ts.getLeadingCommentRanges(tree.text, node.getFullStart()) ?? [];
    const after = ts.getTrailingCommentRanges(tree.text, node.getEnd()) ?? [];
    // Text that looks like a comment inside a string or a template lies within a literal's own range.
    if (node.kind !== ts.SyntaxKind.JsxText) {
      for (const range of [...before, ...after]) found.set(range.pos, range);
    }
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  return [...found.values()].toSorted((a, b) => a.pos - b.pos);
}

const wordsOf = (raw: string): string =>
  raw
    .replace(/^\/\*\*?|\*\/$|^\/\//g, '')
    .replaceAll(/\n\s*\* ?/g, '\n')
    .trim();

/** The comments of a file, in order. */
export function commentsOf(file: SourceFile): Comment[] {
  const tree = parse(file);
  return commentRanges(tree).map((range) => {
    const raw = tree.text.slice(range.pos, range.end);
    return { line: lineOf(tree, range.pos), words: wordsOf(raw), raw };
  });
}

/** The text with every comment blanked, so that lines keep their numbers. */
export function codeOf(file: SourceFile): string {
  let code = file.text;
  for (const { pos, end } of commentRanges(parse(file))) {
    code = code.slice(0, pos) + code.slice(pos, end).replaceAll(/[^\n]/g, ' ') + code.slice(end);
  }
  return code;
}

function nameOf(node: ts.Node): string {
  if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.name !== undefined) {
    return node.name.getText();
  }
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const parent = node.parent;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) {
    return parent.name.getText();
  }
  return ts.isCallExpression(parent)
    ? `(in ${parent.expression.getText().slice(0, 30)})`
    : '(anonymous)';
}

/** Every function of a file with the lines it spans. */
export function functionSizes(file: SourceFile): FunctionSize[] {
  const tree = parse(file);
  const sizes: FunctionSize[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const lines = lineOf(tree, node.getEnd()) - lineOf(tree, node.getStart(tree)) + 1;
      sizes.push({ key: `${file.path}#${nameOf(node)}`, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return sizes;
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const isAbstract = (node: ts.ClassDeclaration): boolean =>
  (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword);

export type Declaration = 'abstract class' | 'class' | 'interface' | 'function';

/** The exported declarations of one sort that no TSDoc comment stands before. */
export function undocumented(file: SourceFile, sort: Declaration): string[] {
  const matches = (node: ts.Statement): boolean => {
    if (sort === 'interface') return ts.isInterfaceDeclaration(node);
    if (sort === 'function') return ts.isFunctionDeclaration(node);
    return ts.isClassDeclaration(node) && (sort === 'class' || isAbstract(node));
  };
  const tree = parse(file);
  return tree.statements
    .filter(
      (node) => isExported(node) && matches(node) && ts.getJSDocCommentsAndTags(node).length === 0,
    )
    .map((node) => `${file.path}:${lineOf(tree, node.getStart(tree))}`);
}

/** The first words of each call to one of the named functions: `describe('submitting a claim', …)`. */
export function titlesOf(
  file: SourceFile,
  ...functions: readonly string[]
): { line: number; title: string; nested: boolean }[] {
  const tree = parse(file);
  const titles: { line: number; title: string; nested: boolean }[] = [];
  const visit = (node: ts.Node, nested: boolean): void => {
    let inside = nested;
    if (
      ts.isCallExpression(node) &&
      functions.includes(node.expression.getText(tree).split('.')[0] ?? '')
    ) {
      const first = node.arguments[0];
      if (first !== undefined && ts.isStringLiteralLike(first)) {
        titles.push({ line: lineOf(tree, node.getStart(tree)), title: first.text, nested });
        inside = true;
      }
    }
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(tree, false);
  return titles;
}
