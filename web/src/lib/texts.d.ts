declare module 'texts:*' {
  const catalogue: Record<string, string>
  export default catalogue
}
declare module 'world-atlas/land-110m.json'
