import type { AnyConfigSection, Variable } from './variable.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const given = ({ fallback, secret }: Variable<unknown>): string => {
  if (secret) return fallback === null ? 'required, secret' : 'empty, secret';
  if (fallback === null) return 'required';
  return fallback === '' ? 'empty' : `\`${fallback}\``;
};

/** The README's table of all variables, in Markdown; the schema is the only place where they are written down. */
export function configTable(sections: readonly AnyConfigSection[]): string {
  const rows = sections.flatMap((section) =>
    Object.values(section.variables).map(
      (variable) => `| \`${variable.name}\` | ${cell(given(variable))} | ${cell(variable.doc)} |`,
    ),
  );
  return ['| variable | default | what it is for |', '|---|---|---|', ...rows, ''].join('\n');
}

/** Names of the variables that hold secrets, for generating and redacting them. */
export const secretNames = (sections: readonly AnyConfigSection[]): readonly string[] =>
  sections.flatMap((section) =>
    Object.values(section.variables)
      .filter((variable) => variable.secret)
      .map((variable) => variable.name),
  );
