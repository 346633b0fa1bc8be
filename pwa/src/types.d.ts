declare module "*.po" {
  const catalogue: import("../catalogues.ts").Catalogue;
  export default catalogue;
}

declare module "wawoff2" {
  export function decompress(packed: Uint8Array): Promise<Uint8Array>;
}
