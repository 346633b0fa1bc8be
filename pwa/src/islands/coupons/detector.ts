export interface Detector {
  detect(source: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const FORMATS = ["qr_code"];
let made: Promise<Detector> | undefined;

/** The phone's own reader of QR codes; where it has none, ours, fetched from our own server. */
export function detector(): Promise<Detector> {
  made ??= make().catch((fault: unknown) => {
    made = undefined;
    throw fault;
  });
  return made;
}

async function make(): Promise<Detector> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const formats = await own?.getSupportedFormats().catch((): string[] => []);
  if (own && formats?.includes("qr_code")) return new own({ formats: FORMATS });
  const [{ BarcodeDetector, prepareZXingModule }, { default: wasm }] = await Promise.all([
    import("barcode-detector/ponyfill"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  // Without this it would ask a foreign site for it.
  const locateFile = (path: string, base: string): string => (path.endsWith(".wasm") ? wasm : base + path);
  prepareZXingModule({ overrides: { locateFile } });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
