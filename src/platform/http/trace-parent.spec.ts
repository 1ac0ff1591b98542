import { traceIdOf } from './trace-parent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('reading a traceparent header', () => {
  it.each([
    `00-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-00`,
    `cc-${TRACE}-${PARENT}-01-later`,
  ])('takes the trace id of %s', (header) => expect(traceIdOf(header)).toBe(TRACE));

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}0-${PARENT}-01`,
  ])('ignores %s', (header) => expect(traceIdOf(header)).toBeNull());

  it('ignores a header that was sent twice', () => {
    expect(traceIdOf([`00-${TRACE}-${PARENT}-01`])).toBeNull();
  });
});
