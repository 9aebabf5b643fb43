// What one message may cost this room. Nothing here refuses mail: past a limit the rest is opaque.

/** Header octets of all parts together that are looked at; a real message has some 10 KiB. */
export const HEADER_BYTES_MAX = 1024 * 1024;

/** Nesting of multiparts and messages; recursion over a structure is bounded by it. */
export const MIME_DEPTH_MAX = 100;

/** Parts of one message, containers included. */
export const MIME_PARTS_MAX = 10_000;

/** RFC 2046 §5.1.1 allows 70; longer ones have been seen. A boundary above this is not usable. */
export const BOUNDARY_BYTES_MAX = 256;

/** Addresses read from all fields of one name; the rest of the list is not in the ENVELOPE. */
export const ADDRESSES_MAX = 4_096;
