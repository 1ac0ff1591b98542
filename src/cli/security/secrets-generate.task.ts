import { SystemRandomSource } from '../../kernel/ids.js';
import { required } from '../required-option.js';
import { UsageError, type OptionValues, type Task } from '../task.js';
import { generateSecrets, GIVEN_BY_OTHERS, type GeneratedSecret } from './generated-secrets.js';
import { asEnvironment, asFiles, closedFolder, writeSecretFiles } from './secret-files.js';

function chosen(values: OptionValues): readonly GeneratedSecret[] {
  const secrets = generateSecrets(new SystemRandomSource(), {
    database: required(values, 'database'),
    eventStore: required(values, 'event-store'),
    redis: required(values, 'redis'),
  });
  const { all, only } = values;
  if ((all === true) === (typeof only === 'string')) {
    throw new UsageError('give either --all or --only');
  }
  if (typeof only !== 'string') return secrets;
  const found = secrets.filter(({ name }) => name === only);
  if (found.length > 0) return found;
  const reason = GIVEN_BY_OTHERS[only];
  const names = secrets.map(({ name }) => name).join(', ');
  throw new UsageError(
    reason === undefined
      ? `--only must be one of ${names}`
      : `${only} is not generated here: it comes ${reason}`,
  );
}

// On the error output, so that the secrets alone can be sent elsewhere.
function tellTheRest(): void {
  const rest = Object.entries(GIVEN_BY_OTHERS).map(([name, from]) => `  ${name}: ${from}`);
  console.error(`Not made here:\n${rest.join('\n')}`);
}

export const secretsGenerateTask: Task = {
  options: {
    all: { type: 'boolean', summary: 'every secret that is not given by others' },
    only: { type: 'string', summary: 'one of them, by the name of its variable' },
    out: { type: 'string', summary: 'a file for lines NAME=value, readable by its owner alone' },
    directory: { type: 'string', summary: 'a folder for one file each, as compose mounts them' },
    force: { type: 'boolean', summary: 'replace files that are there' },
    database: {
      type: 'string',
      summary: 'where Postgres is reached',
      default: 'postgres:5432/constancia',
    },
    'event-store': {
      type: 'string',
      summary: 'where the log is reached',
      default: 'event-store:2113?tls=true&tlsCAFile=/run/secrets/event-store-ca',
    },
    redis: { type: 'string', summary: 'where Redis is reached', default: 'redis:6379' },
  },
  async run(values) {
    const { out, directory, force } = values;
    const secrets = chosen(values);
    if (out !== undefined && directory !== undefined) {
      throw new UsageError('give either --out or --directory');
    }
    if (typeof directory === 'string') {
      const place = await closedFolder(directory);
      const files = [...asFiles(secrets)].map(([file, text]) => [place(file), text] as const);
      await writeSecretFiles(new Map(files), force === true);
      console.error(`Wrote ${files.length} files to ${directory}.`);
    } else if (typeof out === 'string') {
      await writeSecretFiles(new Map([[out, asEnvironment(secrets)]]), force === true);
      console.error(`Wrote ${secrets.length} secrets to ${out}.`);
    } else process.stdout.write(asEnvironment(secrets));
    if (values['all'] === true) tellTheRest();
    return 0;
  },
};
