/** What the address of a store says; several hosts of an event store make it no URL. */
export interface StoreAddress {
  readonly user: string | null;
  readonly password: string | null;
  readonly hosts: readonly string[];
  readonly options: URLSearchParams;
}

const ADDRESS = /^[a-z+]+:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?]*)[^?]*(?:\?(.*))?$/;

const decoded = (text: string | undefined): string | null => {
  if (text === undefined || text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not escaped at all: then it is what it says.
    return text;
  }
};

export function readStoreAddress(address: string): StoreAddress {
  const [, user, password, hosts = '', options = ''] = ADDRESS.exec(address) ?? [];
  return {
    user: decoded(user),
    password: decoded(password),
    hosts: hosts.split(',').map((host) => host.replace(/:\d+$/, '')),
    options: new URLSearchParams(options),
  };
}

/** True where what is said never leaves the machine; a socket in the file system has no host. */
export const isOnThisMachine = (host: string): boolean =>
  /^(|\/.*|localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
