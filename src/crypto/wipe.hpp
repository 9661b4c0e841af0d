// Memory that is given back is overwritten first, so that an idle node's memory does not go on
// holding what passed through it (T22). For the program alone: tests keep their sanitizers'
// allocators.
#pragma once

namespace comity::crypto {

/// Call it first in main, before anything of OpenSSL allocates. By being linked it also replaces
/// the program's operator new and delete. Returns whether OpenSSL took it.
bool wipe_freed_memory();

} // namespace comity::crypto
