// The practice world: invented countries with real nodes, each a process of this program, on
// loopback. People have passkeys in software; the nodes do not know the difference.
#pragma once

#include "apps/control.hpp"
#include "apps/practice_clock.hpp"
#include "apps/setup.hpp"
#include "crypto/webauthn.hpp"

#include <sys/types.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

namespace comity::apps {

struct Person {
    std::string id;
    std::string name;
    std::string node;
    std::string office;
    std::vector<std::string> roles;
    crypto::SoftwareAuthenticator authenticator; ///< for acts, at sign.HOST
    crypto::SoftwareAuthenticator sign_in;       ///< for signing in, at HOST
};

/// A port of loopback that nobody else is given as long as this lives. The node to which it belongs
/// binds it as well: this one never listens, and both say SO_REUSEADDR.
class KeptPort {
public:
    KeptPort(); ///< throws Fault when there is none
    ~KeptPort();
    KeptPort(const KeptPort&) = delete;
    KeptPort& operator=(const KeptPort&) = delete;

    [[nodiscard]] int number() const { return number_; }

private:
    int socket_;
    int number_ = 0;
};

class PracticeWorld {
public:
    PracticeWorld(std::filesystem::path dir, std::string law);
    ~PracticeWorld(); ///< stops every process

    /// Creates the nodes, their directory and their people, and starts them.
    Result<void> build();

    Control& control(const std::string& node) { return *controls_.at(node); }

    [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }

    /// The time of all its nodes.
    [[nodiscard]] PracticeTime& time() { return time_; }

    [[nodiscard]] const Person& person(const std::string& id) const { return people_.at(id); }

    [[nodiscard]] const std::vector<std::string>& nodes() const { return names_; }

    /// What people call the node's participant.
    [[nodiscard]] static std::string name(const std::string& node);

    /// Where its people sign in and work; its other name, without "sign.", is for anybody.
    [[nodiscard]] std::string origin(const std::string& node, bool people) const;
    /// Those on its roll, in the order in which they were enrolled.
    [[nodiscard]] std::vector<std::string> people(const std::string& node) const;

    /// Of the next file that Arcadia's unit opens: each case has its own.
    std::string next_file_number();

    [[nodiscard]] int port(const std::string& node) const { return ports_.at(node).number(); }

    void start(const std::string& node);
    void stop(const std::string& node, int signal);

private:
    NodePlan plan(const std::string& node) const;
    Result<void> release();
    Result<void> make_directory();
    [[nodiscard]] std::string last_words(const std::string& node) const;
    Result<void> enrol_people();
    Result<void> enrol(
        const Person& person, const crypto::SoftwareAuthenticator& key, directory::Purpose purpose,
        const Person& first, const Person& second);

    std::filesystem::path dir_;
    PracticeTime time_;
    std::string law_;
    std::vector<std::string> names_;
    std::map<std::string, KeptPort> ports_;
    std::map<std::string, Person> people_;
    std::map<std::string, std::unique_ptr<Control>> controls_;
    std::vector<directory::Participant> participants_;
    int next_file_ = 417; // that of the practice case in law/examples
    std::mutex mutex_;
    std::map<std::string, pid_t> processes_;

    pid_t spawn(const std::string& node) const;
    void run_spawner();

    // A process is told that its parent is gone when the thread that made it ends. So one thread,
    // which lives as long as the practice world, makes all of them.
    std::mutex spawn_mutex_;
    std::condition_variable spawn_wake_;
    std::vector<std::pair<std::string, std::promise<pid_t>>> spawn_wanted_;
    bool spawn_stop_ = false;
    std::thread spawner_; // last: it uses the others
};

} // namespace comity::apps
