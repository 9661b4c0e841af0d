// A SQLite VFS that hands everything on to the system's, but for what is said in store_disk.hpp.
#include "support/store_disk.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

namespace comity::test {

namespace {

struct Disk {
    std::mutex mutex;
    std::int64_t left = 0; // calls until the failure; 0: none is wanted
    int code = 0;
    bool lasting = false;
    bool failed = false;
    std::string synced;
};

Disk& disk() {
    static Disk one;
    return one;
}

struct File {
    sqlite3_file base;
    const char* name; // SQLite keeps it while the file is open
    sqlite3_file* real;
};

sqlite3_vfs* system_vfs() {
    return sqlite3_vfs_find(nullptr);
}

sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->real;
}

int next_call() {
    Disk& d = disk();
    const std::lock_guard lock(d.mutex);
    if (d.left == 0) return SQLITE_OK;
    if (d.left > 1) {
        --d.left;
        return SQLITE_OK;
    }
    d.failed = true;
    if (!d.lasting) d.left = 0;
    return d.code;
}

int close_file(sqlite3_file* file) {
    const int code = real(file)->pMethods->xClose(real(file));
    sqlite3_free(real(file));
    return code;
}

int read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), to, count, offset);
}

int write_file(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    if (const int code = next_call(); code != SQLITE_OK) return code;
    return real(file)->pMethods->xWrite(real(file), from, count, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return real(file)->pMethods->xTruncate(real(file), size);
}

int sync_file(sqlite3_file* file, int flags) {
    if (const int code = next_call(); code != SQLITE_OK) return code;
    const int code = real(file)->pMethods->xSync(real(file), flags);
    Disk& d = disk();
    const std::lock_guard lock(d.mutex);
    if (code == SQLITE_OK && !d.synced.empty() && reinterpret_cast<File*>(file)->name != nullptr) {
        const std::filesystem::path path(reinterpret_cast<File*>(file)->name);
        std::filesystem::copy_file(
            path, std::filesystem::path(d.synced) / path.filename(),
            std::filesystem::copy_options::overwrite_existing);
    }
    return code;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

int lock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

int check_lock(sqlite3_file* file, int* held) {
    return real(file)->pMethods->xCheckReservedLock(real(file), held);
}

int control_file(sqlite3_file* file, int what, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), what, argument);
}

int sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

int traits(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

int map_shared(sqlite3_file* file, int page, int size, int extend, volatile void** out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

void fence_shared(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}

int unmap_shared(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods methods{
    2,           close_file,   read_file,    write_file,   truncate_file, sync_file, size_of_file,
    lock_file,   unlock_file,  check_lock,   control_file, sector_size,   traits,    map_shared,
    lock_shared, fence_shared, unmap_shared, nullptr,      nullptr};

int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* mine = reinterpret_cast<File*>(file);
    mine->base.pMethods = nullptr;
    mine->name = name;
    mine->real = static_cast<sqlite3_file*>(sqlite3_malloc(system_vfs()->szOsFile));
    std::memset(mine->real, 0, static_cast<std::size_t>(system_vfs()->szOsFile));
    const int code = system_vfs()->xOpen(system_vfs(), name, mine->real, flags, out);
    if (code == SQLITE_OK) {
        mine->base.pMethods = &methods;
    } else {
        if (mine->real->pMethods != nullptr) mine->real->pMethods->xClose(mine->real);
        sqlite3_free(mine->real);
    }
    return code;
}

} // namespace

std::string test_disk() {
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs copy = *system_vfs();
        copy.zName = "comity-test-disk";
        copy.szOsFile = sizeof(File);
        copy.pNext = nullptr;
        copy.xOpen = open_file;
        return copy;
    }();
    sqlite3_vfs_register(&vfs, 0);
    return vfs.zName;
}

void fail_disk(std::int64_t nth, int code, bool lasting) {
    Disk& d = disk();
    const std::lock_guard lock(d.mutex);
    d.left = nth;
    d.code = code;
    d.lasting = lasting;
    d.failed = false;
}

bool mend_disk() {
    Disk& d = disk();
    const std::lock_guard lock(d.mutex);
    d.left = 0;
    return std::exchange(d.failed, false);
}

void keep_synced(const std::string& directory) {
    Disk& d = disk();
    const std::lock_guard lock(d.mutex);
    d.synced = directory;
}

} // namespace comity::test
