/** The network an address is in, as limits count it: an IPv6 caller usually owns a whole /64. */
export function networkOf(ip: string): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip;
  const groups = ip.split('::', 1)[0]?.split(':') ?? [];
  return groups.slice(0, 4).join(':');
}
