// posix_spawn, two pipes, one deadline.
#include "apps/ask_program.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "store/posix.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>

namespace comity::apps {

namespace {

using Clock = std::chrono::steady_clock;

using store::Descriptor;

// Sockets and not pipes: writing to a program that has ended is then an error and no signal.
struct Channel {
    Descriptor ours;
    Descriptor theirs;

    Channel() {
        std::array<int, 2> pair{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
            throw Fault("no descriptors for a program");
        ours = Descriptor(pair[0]);
        theirs = Descriptor(pair[1]);
        ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    }
};

class Actions {
public:
    Actions() { CHECK_THAT(posix_spawn_file_actions_init(&actions_) == 0); }

    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    ~Actions() { posix_spawn_file_actions_destroy(&actions_); }

    posix_spawn_file_actions_t* get() { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
public:
    Attributes() { CHECK_THAT(posix_spawnattr_init(&attributes_) == 0); }

    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    ~Attributes() { posix_spawnattr_destroy(&attributes_); }

    posix_spawnattr_t* get() { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

// The node blocks and ignores signals for itself; a program starts as from a fresh shell.
int spawn(
    pid_t& pid, const std::vector<std::string>& arguments, const Channel& in, const Channel& out) {
    Actions actions;
    posix_spawn_file_actions_adddup2(actions.get(), in.theirs.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(actions.get(), out.theirs.get(), STDOUT_FILENO);
    posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(actions.get(), STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(actions.get(), "/");
    Attributes attributes;
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes.get(), &none);
    posix_spawnattr_setsigdefault(attributes.get(), &all);
    posix_spawnattr_setpgroup(attributes.get(), 0);
    posix_spawnattr_setflags(
        attributes.get(), POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::vector<char*> words;
    for (const auto& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    char language[] = "LC_ALL=C.UTF-8";
    std::array<char*, 3> environment{path, language, nullptr};
    return ::posix_spawn(
        &pid, words.front(), actions.get(), attributes.get(), words.data(), environment.data());
}

// What it has started in its group ends with it. While it is not reaped its number is nobody
// else's.
int end_group(pid_t pid) {
    ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

bool ended(pid_t pid) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid;
}

int milliseconds_to(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
}

// Feeds it and listens until it closes its output. Anything but `well` ends it.
RunEnd talk(
    Descriptor& in, const Descriptor& out, BytesView input, const RunLimits& limits,
    Clock::time_point deadline, Bytes& answer) {
    for (;;) {
        if (input.empty()) in = Descriptor();
        std::array<pollfd, 2> waiting{
            pollfd{out.get(), POLLIN, 0}, pollfd{in.get(), POLLOUT, 0}}; // -1 is not waited for
        const int left = milliseconds_to(deadline);
        if (left == 0) return RunEnd::too_long;
        if (::poll(waiting.data(), waiting.size(), left) < 0 && errno != EINTR)
            throw Fault("waiting for a program");
        if (waiting[1].revents != 0) {
            const auto n = ::send(in.get(), input.data(), input.size(), MSG_NOSIGNAL);
            if (n >= 0)
                input.remove_prefix(static_cast<std::size_t>(n));
            else if (errno != EAGAIN && errno != EINTR)
                input = {}; // it reads no further; what it answers still counts
        }
        if (waiting[0].revents != 0) {
            std::array<char, 16 * 1024> buffer{};
            const auto n = ::recv(out.get(), buffer.data(), buffer.size(), 0);
            if (n == 0) return RunEnd::well;
            if (n < 0 && errno != EAGAIN && errno != EINTR) return RunEnd::well;
            if (n > 0) answer.append(buffer.data(), static_cast<std::size_t>(n));
            if (answer.size() > limits.answer_bytes) return RunEnd::too_much;
        }
    }
}

} // namespace

Ran ask_program(
    const std::vector<std::string>& arguments, BytesView input, const RunLimits& limits) {
    CHECK_THAT(!arguments.empty() && arguments.front().starts_with('/'));
    const auto deadline = Clock::now() + limits.time;
    Channel in;
    Channel out;
    Ran ran;
    pid_t pid = 0;
    if (const int failed = spawn(pid, arguments, in, out); failed != 0) {
        ran.status = failed;
        return ran;
    }
    in.theirs = Descriptor();
    out.theirs = Descriptor();
    ran.end = talk(in.ours, out.ours, input, limits, deadline, ran.answer);
    // Its output is closed; it has what is left of its time to end.
    while (ran.end == RunEnd::well && !ended(pid)) {
        if (milliseconds_to(deadline) == 0) ran.end = RunEnd::too_long;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    const int status = end_group(pid);
    if (ran.end == RunEnd::well && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        ran.end = RunEnd::failed;
        ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    if (ran.end != RunEnd::well) ran.answer.clear();
    return ran;
}

} // namespace comity::apps
