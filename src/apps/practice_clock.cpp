// One shared page with the milliseconds that have passed besides the system's.
#include "apps/practice_clock.hpp"

#include "apps/now.hpp"
#include "base/check.hpp"
#include "base/fault.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

using Passed = std::atomic<std::int64_t>;

static_assert(Passed::is_always_lock_free); // so that it works between processes

constexpr std::string_view clock_file = "clock";

void* map(const fs::path& file, bool write) {
    const int fd =
        ::open(file.c_str(), (write ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return nullptr;
    if (write && ::ftruncate(fd, sizeof(Passed)) != 0) {
        ::close(fd);
        return nullptr;
    }
    void* page = ::mmap(
        nullptr, sizeof(Passed), write ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
    return page == MAP_FAILED ? nullptr : page;
}

class PracticeClock final : public node::Clock {
public:
    explicit PracticeClock(void* page) : page_(page) {}

    ~PracticeClock() override { ::munmap(page_, sizeof(Passed)); }

    PracticeClock(const PracticeClock&) = delete;
    PracticeClock& operator=(const PracticeClock&) = delete;

    [[nodiscard]] Instant now() const override {
        return system_now() + Milliseconds{static_cast<const Passed*>(page_)->load()};
    }

private:
    void* page_;
};

} // namespace

Instant SystemClock::now() const {
    return system_now();
}

PracticeTime::PracticeTime(const fs::path& dir) : page_(map(dir / clock_file, true)) {
    if (!page_) throw Fault("the practice world's clock cannot be made");
}

PracticeTime::~PracticeTime() {
    ::munmap(page_, sizeof(Passed));
}

Instant PracticeTime::now() const {
    return system_now() + Milliseconds{static_cast<const Passed*>(page_)->load()};
}

void PracticeTime::pass(Milliseconds span) {
    CHECK_THAT(span >= Milliseconds{0});
    static_cast<Passed*>(page_)->fetch_add(span.count());
}

Result<std::unique_ptr<node::Clock>> read_practice_clock(
    const fs::path& node_dir, std::string_view federation) {
    const fs::path world = fs::absolute(node_dir).lexically_normal().parent_path();
    const auto refused = [&](std::string_view why) {
        return refuse(
            Code::not_allowed,
            fmt::format("{} is no node of a practice world: {}", node_dir.string(), why));
    };
    if (federation != practice_federation)
        return refused(fmt::format("its federation is {}", federation));
    if (!fs::is_regular_file(world / practice_mark)) return refused("no such world is around it");
    std::error_code error;
    if (fs::file_size(world / clock_file, error) != sizeof(Passed) || error)
        return refused("that world has no clock");
    void* page = map(world / clock_file, false);
    if (!page) return refused("that world's clock cannot be read");
    return std::make_unique<PracticeClock>(page);
}

} // namespace comity::apps
