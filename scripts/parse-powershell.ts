// Parses files of PowerShell by the grammar of tree-sitter, for want of PowerShell; fails on the first place that is none.
// parse-powershell <folder with tree-sitter-powershell and web-tree-sitter> <file>...
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

interface SyntaxNode {
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly text: string;
  readonly startPosition: { readonly row: number; readonly column: number };
  readonly children: readonly SyntaxNode[];
}
// The part of web-tree-sitter that is used here; it is installed for this check alone.
interface TreeSitter {
  readonly Parser: {
    init(): Promise<void>;
    new (): {
      setLanguage(language: unknown): void;
      parse(text: string): { readonly rootNode: SyntaxNode } | null;
    };
  };
  readonly Language: { load(file: string): Promise<unknown> };
}

const [folder = '', ...files] = process.argv.slice(2);
const modules = resolve(folder, 'node_modules');
const { Parser, Language } = (await import(
  pathToFileURL(join(modules, 'web-tree-sitter/web-tree-sitter.js')).href
)) as TreeSitter;
await Parser.init();
const parser = new Parser();
parser.setLanguage(
  await Language.load(join(modules, 'tree-sitter-powershell/tree-sitter-powershell.wasm')),
);

const faults = (node: SyntaxNode): readonly SyntaxNode[] =>
  node.isError || node.isMissing ? [node] : node.children.flatMap(faults);

for (const file of files) {
  const tree = parser.parse(await readFile(file, 'utf8'));
  if (tree === null || tree.rootNode.children.length === 0) throw new Error(`${file}: nothing`);
  for (const { startPosition, text } of faults(tree.rootNode)) {
    console.error(
      `${file}:${startPosition.row + 1}:${startPosition.column + 1}: ${text.slice(0, 80)}`,
    );
    process.exitCode = 1;
  }
}
