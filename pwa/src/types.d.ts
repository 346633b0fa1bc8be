declare module "*.po" {
  const catalogue: import("../catalogues").Catalogue;
  export default catalogue;
}

declare module "tannin" {
  export default class Tannin {
    constructor(data: Record<string, unknown>);
    dcnpgettext(domain: string, context: string | undefined, one: string, many?: string, n?: number): string;
  }
}
