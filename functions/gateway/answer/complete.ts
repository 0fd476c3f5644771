/** Tells for formats that cannot say so whether every page that was asked for has been read. */
export const completeHeader = 'ocr-complete'
