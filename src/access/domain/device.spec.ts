import { deviceOf } from './device.js';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

describe('naming a device', () => {
  it.each([
    [CHROME, 'Chrome, Linux'],
    [`${CHROME} Edg/140.0`, 'Edge, Linux'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1', 'Safari, iPhone'],
    ['your account is blocked, call 0800 123', 'unknown'],
    [null, 'unknown'],
  ])('says of %s: %s', (agent, device) => {
    expect(deviceOf(agent)).toBe(device);
  });
});
