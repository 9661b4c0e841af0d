// Fontconfig and cairo keep caches for the life of the process; the leak checker counts them as
// lost.
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\nleak:libcairo\nleak:libpango\n";
}
