import { reportAddress, traceAddress } from './telemetry-address.js';

const reasonOf = (shape: typeof traceAddress, address: string): string | null =>
  shape
    .safeParse(address)
    .error?.issues.map(({ message }) => message)
    .join() ?? null;

describe('reading where traces and errors are sent', () => {
  it.each([
    'https://traces.example.com/v1/traces',
    'http://collector:4318/v1/traces',
    'http://127.0.0.1:4318/v1/traces',
    'http://[::1]:4318/v1/traces',
  ])('takes %s', (address) => {
    expect(reasonOf(traceAddress, address)).toBeNull();
  });

  it.each([
    ['http://traces.example.com/v1/traces', 'must be https://'],
    ['http://10.0.0.7:4318/v1/traces', 'must be https://'],
    ['https://169.254.169.254/v1/traces', 'link-local'],
    ['https://[fe80::1]/v1/traces', 'link-local'],
    ['https://user:made-up@traces.example.com', 'TRACING_OTLP_AUTHORIZATION'],
    ['ftp://traces.example.com', 'must begin with'],
    ['https://', 'is not an address'],
  ])('refuses %s, and does not repeat it', (address, reason) => {
    const said = reasonOf(traceAddress, address);
    expect(said).toContain(reason);
    expect(said).not.toContain('made-up');
  });

  it.each([
    ['https://key@errors.example.com/42', null],
    ['http://key@sentry/42', null],
    ['http://key@errors.example.com/42', 'must be https://'],
    ['https://errors.example.com/42', '<key>'],
    ['https://key@errors.example.com/', '<project>'],
    ['https://key@169.254.169.254/42', 'link-local'],
  ])('judges the address of Sentry %s', (address, reason) => {
    const said = reasonOf(reportAddress, address);
    if (reason === null) expect(said).toBeNull();
    else expect(said).toContain(reason);
  });
});
