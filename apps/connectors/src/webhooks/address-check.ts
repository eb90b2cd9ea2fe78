/**
 * Which addresses a post may reach. Resolved, checked, and then connected to the very address that was checked: a name that
 * resolves to another one a moment later changes nothing.
 *
 * I1 only what is known to be good passes: public unicast, or the ranges that the operator opened; never link-local,
 *    where clouds keep their metadata
 * I2 an IPv4 address in IPv6 clothes (mapped, NAT64, 6to4) counts as what it is, or not at all
 * I3 of a name all addresses must be good
 */
import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { WebhookEndpoint } from '@soloist/contracts';
import ipaddr from 'ipaddr.js';

type Reach = WebhookEndpoint['reach'];

const RANGES: Readonly<Record<Reach, readonly string[]>> = {
  public: ['unicast'],
  private: ['unicast', 'private', 'uniqueLocal', 'carrierGradeNat'],
  loopback: ['loopback'],
};

export const ADDRESS_REFUSED = 'ESOLOISTADDRESS';

export function isReachable(address: string, reach: Reach): boolean {
  return isIP(address) !== 0 && RANGES[reach].includes(ipaddr.process(address).range());
}

/** For a host that is an address already no name is looked up, so it is checked by itself. @param host as in a URL, IPv6 in brackets */
export function isLiteralReachable(host: string, reach: Reach): boolean {
  const literal = host.replace(/^\[|\]$/g, '');
  return isIP(literal) === 0 || isReachable(literal, reach);
}

/** Takes the place of the look-up of a connection. */
export function checkedLookup(reach: Reach, resolve: typeof resolveName = resolveName): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => isReachable(address, reach))) {
        return callback(Object.assign(new Error('the name leads to an address that may not be reached'), { code: ADDRESS_REFUSED }), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
