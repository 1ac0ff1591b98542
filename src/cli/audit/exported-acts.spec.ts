import type { RecordedEvent } from '../../platform/event-store/event-codec.js';
import { hashOf, storedBytes } from '../../platform/event-store/event-hash.js';
import { ActExport, ActVerification, csvRow } from './exported-acts.js';

/** Acts of two subjects, each stream chained as the log chains it. */
function acts(): readonly RecordedEvent[] {
  const heads = new Map<string, { revision: bigint; hash: string }>();
  return ['a', 'b', 'a', 'a', 'b'].map((subject, at) => {
    const streamName = `access-${subject}`;
    const before = heads.get(streamName);
    const revision = before === undefined ? 0n : before.revision + 1n;
    const data = { act: 'session.started', subject, at: `2026-03-10T14:00:0${at}.000Z` };
    const metadata = {
      $correlationId: `c-${at}`,
      actor: `user:${at}`,
      requestId: `r-${at}`,
      previousHash: before?.hash ?? null,
      checksum: 'c',
    };
    const storedAs = 'SecurityActRecorded.v1';
    heads.set(streamName, { revision, hash: hashOf(storedBytes(storedAs, data, metadata)) });
    return {
      eventId: `e-${at}`,
      storedAs,
      data,
      metadata,
      streamName,
      revision,
      position: BigInt(at * 10),
      preparePosition: BigInt(at * 10),
      recordedAt: new Date(0),
    };
  });
}

const exported = (): string[] => {
  const writer = new ActExport();
  return acts().map((event) => JSON.stringify(writer.next(event)));
};

const problemsOf = (lines: readonly string[]): readonly string[] => {
  const verification = new ActVerification();
  return lines.flatMap((line) =>
    verification.look(line).map((text) => `${verification.lines} ${text}`),
  );
};

describe('verifying an export of the audit', () => {
  it('finds nothing wrong with what was exported', () => {
    expect(problemsOf(exported())).toEqual([]);
  });

  it.each([
    [
      'a changed actor',
      (lines: string[]) => (lines[2] = lines[2]?.replace('user:2', 'user:9') ?? ''),
      '3 was',
    ],
    [
      'a changed time',
      (lines: string[]) => (lines[1] = lines[1]?.replace('00:01', '00:07') ?? ''),
      '2 was',
    ],
    ['a missing line', (lines: string[]) => lines.splice(1, 1), '2 does not follow'],
    ['a missing first line', (lines: string[]) => lines.shift(), '1 does not follow'],
    [
      'two lines in another order',
      (lines: string[]) => lines.push(...lines.splice(2, 1)),
      '3 does not',
    ],
    ['a line twice', (lines: string[]) => lines.splice(3, 0, lines[2] ?? ''), '4 does not follow'],
    ['something else', (lines: string[]) => lines.push('{"chain":""}'), '6 is no act'],
    ['half a line', (lines: string[]) => lines.push('{"chain'), '6 is no act'],
  ])('finds %s', (_, spoil, problem) => {
    const lines = exported();
    spoil(lines);
    expect(problemsOf(lines)).toContainEqual(expect.stringContaining(problem));
  });

  it('finds a forged act whose hash was made to fit, by its chain', () => {
    const lines = exported();
    const forged = JSON.parse(lines[2] ?? '') as {
      type: string;
      data: { subject: string };
      metadata: object;
      hash: string;
    };
    forged.data.subject = 'somebody else';
    forged.hash = hashOf(storedBytes(forged.type, forged.data, forged.metadata));
    lines[2] = JSON.stringify(forged);
    expect(problemsOf(lines)).toEqual([
      expect.stringContaining('3 does not follow'),
      expect.stringContaining('4 names another act before it'),
    ]);
  });

  it('gives the same chain for the same acts', () => {
    const [one, other] = [new ActExport(), new ActExport()];
    for (const event of acts()) {
      one.next(event);
      other.next(event);
    }
    expect(one.summary).toBe(other.summary);
    expect(one.summary).toMatch(/^5 acts, chain [0-9a-f]{64}$/);
  });
});

describe('writing an act as a row', () => {
  it('quotes what divides cells and defuses what a spreadsheet would run', () => {
    const [event] = acts();
    if (event === undefined) throw new Error('there is an act');
    const act = new ActExport().next(event);
    const row = csvRow({
      ...act,
      data: { ...act.data, subject: '=cmd()', reason: 'a,"b"', particulars: {} },
    });
    expect(row).toContain(`,"'=cmd()",`);
    expect(row).toContain(',"a,""b""",');
  });
});
