// How the document that a service serves differs from the one of this build.

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One line for each operation and component that one has and the other has not, or has otherwise. */
export function differences(own: Document, served: Document): readonly string[] {
  return [
    ...compared(operationsOf(own), operationsOf(served)),
    ...compared(componentsOf(own), componentsOf(served)),
  ];
}

const operationsOf = ({ paths }: Document): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        `${method.toUpperCase()} ${path}`,
        canonical(operation),
      ]),
    ),
  );

const componentsOf = ({ components = {} }: Document): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(components).flatMap(([kind, members]) =>
      Object.entries(members).map(([name, member]) => [`${kind}/${name}`, canonical(member)]),
    ),
  );

function compared(
  own: ReadonlyMap<string, string>,
  served: ReadonlyMap<string, string>,
): readonly string[] {
  const names = [...new Set([...own.keys(), ...served.keys()])].sort();
  return names.flatMap((name) => {
    const [here, there] = [own.get(name), served.get(name)];
    if (there === undefined) return [`${name}: is not in the document that is served`];
    if (here === undefined) return [`${name}: is served, and this build knows nothing of it`];
    return here === there ? [] : [`${name}: is described otherwise than by this build`];
  });
}

/** The members of every object in one order: the order of a document means nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
