// The network that a peer's address belongs to: one household or office, so that changing the address within it gains nothing.
import { isIPv4, isIPv6 } from 'node:net';

const IPV6_GROUPS = 8;

/** The /24 of an IPv4 address, the /56 of an IPv6 address; what is neither is its own network. */
export function networkPrefix(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1] ?? plain;
  if (isIPv4(mapped)) return `${mapped.slice(0, mapped.lastIndexOf('.'))}.0/24`;
  if (!isIPv6(plain)) return plain;
  const [a = 0, b = 0, c = 0, d = 0] = groupsOf(plain);
  return `${[a, b, c, d & 0xff00].map((group) => group.toString(16)).join(':')}::/56`;
}

/** The first groups of a valid IPv6 address; an IPv4 address at its end stands for two groups, which no /56 reaches. */
function groupsOf(address: string): number[] {
  const [before = '', after] = address.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const given = left.length + right.length + (address.includes('.') ? 1 : 0);
  const zeros = after === undefined ? [] : Array.from({ length: IPV6_GROUPS - given }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}
