// operator delete and OpenSSL's free overwrite what they give back. What the C library's own
// functions and SQLite free is not reached: SQLite sees what the disk sees, which is sealed.
#include "crypto/wipe.hpp"

#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace {

// The compiler may not leave out what nobody seems to read afterwards, as explicit_bzero; but what
// is small, nearly everything, is overwritten in place.
inline void wipe(void* memory, std::size_t size) noexcept {
    std::memset(memory, 0, size);
    asm volatile("" : : "r"(memory) : "memory");
}

void wipe_and_free(void* memory) noexcept {
    if (!memory) return;
    wipe(memory, ::malloc_usable_size(memory));
    std::free(memory);
}

// Whoever knows the size wrote no further than that.
void wipe_and_free(void* memory, std::size_t size) noexcept {
    if (!memory) return;
    wipe(memory, size);
    std::free(memory);
}

void* allocate(std::size_t size) {
    for (;;) {
        if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
        const auto handler = std::get_new_handler();
        if (!handler) throw std::bad_alloc();
        handler();
    }
}

void* allocate_aligned(std::size_t size, std::size_t alignment) {
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded))
        return memory;
    throw std::bad_alloc();
}

void* openssl_malloc(std::size_t size, const char*, int) {
    return size == 0 ? nullptr : std::malloc(size);
}

void openssl_free(void* memory, const char*, int) {
    wipe_and_free(memory);
}

// realloc would leave the old place as it was.
void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
    if (!memory) return std::malloc(size);
    if (size == 0) {
        wipe_and_free(memory);
        return nullptr;
    }
    const std::size_t had = ::malloc_usable_size(memory);
    if (size <= had) return memory;
    void* moved = std::malloc(size);
    if (!moved) return nullptr;
    std::memcpy(moved, memory, had);
    wipe_and_free(memory);
    return moved;
}

} // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}

void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate_aligned(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* memory) noexcept {
    wipe_and_free(memory);
}

void operator delete(void* memory, std::size_t size) noexcept {
    wipe_and_free(memory, size);
}

void operator delete(void* memory, std::align_val_t) noexcept {
    wipe_and_free(memory);
}

void operator delete(void* memory, std::size_t size, std::align_val_t) noexcept {
    wipe_and_free(memory, size);
}

namespace comity::crypto {

bool wipe_freed_memory() {
    return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}

} // namespace comity::crypto
