// Submits the sample claims, whose movements the sandbox bank holds, so that some become verified.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ClaimsApi } from '../src/cli/local/claims-api.js';
import { readSampleClaims } from '../src/cli/local/sample-claims.js';
import { SandboxAdmin } from '../src/cli/local/sandbox-admin.js';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8000' },
    bank: { type: 'string', default: 'http://127.0.0.1:9400' },
    key: { type: 'string', default: 'demo-merchant.json' },
  },
});
const { receivingAccountId, apiKey } = z
  .object({ receivingAccountId: z.string(), apiKey: z.string() })
  .parse(JSON.parse(await readFile(values.key, 'utf8')));
const { anchor_on: anchorOn } = await new SandboxAdmin(values.bank).state();
const csv = await readFile(join(import.meta.dirname, '..', 'samples', 'claims.csv'), 'utf8');
const api = new ClaimsApi(values.url, apiKey);
const claims = readSampleClaims(csv, anchorOn, receivingAccountId);
for (const { body } of claims) await api.submit(body);
console.log(`${claims.length} sample claims were submitted`);
