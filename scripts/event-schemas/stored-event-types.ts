import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

/** One version of an event that is, or once was, stored. */
export interface StoredEventType {
  readonly storedAs: string;
  readonly data: ts.Type;
}

const ROOT = resolve(import.meta.dirname, '../..');

const eventFiles = (): readonly string[] =>
  readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.event.ts'))
    .map((path) => join(ROOT, 'src', path))
    .sort();

/** Every version that the code can read, in alphabetical order, with the checker that knows its type. */
export function storedEventTypes(): {
  readonly checker: ts.TypeChecker;
  readonly types: readonly StoredEventType[];
} {
  const files = eventFiles();
  const program = ts.createProgram([...files], {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const types = files.flatMap((path) => {
    const source = program.getSourceFile(path);
    return source === undefined ? [] : definitionsIn(source, checker);
  });
  return { checker, types: types.sort((a, b) => (a.storedAs < b.storedAs ? -1 : 1)) };
}

/** Finds `defineEvent<Data>()('Name.v2', { 'Name.v1': (older: V1) => … })` wherever it stands in a file. */
function definitionsIn(source: ts.SourceFile, checker: ts.TypeChecker): StoredEventType[] {
  const found: StoredEventType[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isCallExpression(node.expression)) {
      const { expression: maker, typeArguments } = node.expression;
      const [name, upcasters] = node.arguments;
      const data = typeArguments?.[0];
      const isDefinition = ts.isIdentifier(maker) && maker.text === 'defineEvent';
      if (isDefinition && data !== undefined && name !== undefined && ts.isStringLiteral(name)) {
        found.push({ storedAs: name.text, data: checker.getTypeFromTypeNode(data) });
        found.push(...olderIn(upcasters, checker));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function olderIn(upcasters: ts.Expression | undefined, checker: ts.TypeChecker): StoredEventType[] {
  if (upcasters === undefined || !ts.isObjectLiteralExpression(upcasters)) return [];
  return upcasters.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property) || !ts.isStringLiteral(property.name)) return [];
    const [signature] = checker.getTypeAtLocation(property.initializer).getCallSignatures();
    const older = signature?.getParameters()[0];
    if (older === undefined) return [];
    return [{ storedAs: property.name.text, data: checker.getTypeOfSymbol(older) }];
  });
}
