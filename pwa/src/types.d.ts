declare module "*.po" {
  const catalogue: import("../catalogues.ts").Catalogue;
  export default catalogue;
}
