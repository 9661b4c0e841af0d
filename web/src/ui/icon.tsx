// Small drawings that go with words, never without.
const paths = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  person: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zm-5.5 6c.6-3 2.8-4.4 5.5-4.4s4.900 1.400 5.500 4.400',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zm0-9v3.200l2.200 1.600',
  warn: 'M8 2.200l6.300 11.300H1.700zM8 6.500v3.300m0 1.700v.300',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zm0-6.500v3.500m0-6v.300',
  lock: 'M4 7.200h8v6.300H4zm1.600 0V5a2.400 2.400 0 0 1 4.800 0v2.200',
  doc: 'M4 1.800h5.500L12.300 5v9.200H4zM9.300 2v3.200h3M6 8h4.300M6 10.600h4.300',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zm3.300-1.200l3.500 3.500',
  next: 'M6 3.500l4.500 4.500L6 12.500',
  in: 'M13 3L4 12m0-6v6h6',
  out: 'M3 13l9-9m-6 0h6v6',
  eye: 'M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8zM8 9.800a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600z',
  plus: 'M8 3v10M3 8h10',
  key: 'M5.500 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zm3-3h6m-2 0v2.500M11 8v1.700',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
  pause: 'M5.500 3.500v9m5-9v9',
  globe: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c2 2 2.600 4 2.600 6S10 12 8 14c-2-2-2.600-4-2.600-6S6 4 8 2z',
  pin: 'M8 14.500s4.800-4.500 4.800-8A4.800 4.800 0 0 0 3.200 6.500c0 3.500 4.800 8 4.800 8zm0-6.300a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400z',
  dot: 'M8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  down: 'M8 2.800v8.400m-3.500-3.500L8 11.200l3.500-3.500M2.800 13.200h10.400',
  upload: 'M8 11V3m-3.500 3.300L8 2.800l3.500 3.500M2.800 13.200h10.400',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}

export function Rings() {
  return (
    <svg class="rings" viewBox="0 0 32 20" width="32" height="20" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" stroke-width="2.600">
        <circle cx="11.500" cy="10" r="7" />
        <circle cx="20.500" cy="10" r="7" />
      </g>
    </svg>
  )
}
