// How long to wait before something is tried again, and who does not answer at the moment.
#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/said.hpp"
#include "base/time.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace comity::node {

struct Settings; // node/node.hpp

/// After so many attempts: `first`, doubled with each, at most `most`.
Milliseconds growing_wait(Milliseconds first, Milliseconds most, std::int64_t attempts);

/// The same by the node's settings, and longer by up to a quarter at random, so that who comes back
/// is not met by everybody at once.
Milliseconds retry_wait(const Settings& settings, std::int64_t attempts);

/// What a node knows of its partners' silence. A partner is tried by one thread a line, and after a
/// try without an answer by nobody until its wait has passed, however much waits for it: so who is
/// away costs the others nothing. In memory only: a node that starts tries everybody at once.
/// Safe from many threads.
class Reach {
public:
    enum class Line { acts, evidence };

    /// The right to send to a partner on a line; given back when it ends.
    class Turn {
    public:
        Turn(Reach& reach, Line line, ParticipantId to, Instant due);
        ~Turn();
        Turn(Turn&& other) noexcept;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        Turn& operator=(Turn&&) = delete;

        /// What was put off to at most here may go now: it waited for the partner, which may be
        /// back before its time. To be followed by `caught_up` when all of that has been tried.
        [[nodiscard]] Instant due() const { return due_; }

    private:
        Reach* reach_;
        Line line_;
        ParticipantId to_;
        Instant due_;
    };

    explicit Reach(const Settings& settings) : settings_(settings) {}

    /// Nothing while another has the turn, or while the partner is given time to come back.
    std::optional<Turn> turn(Line line, const ParticipantId& to, Instant now);

    /// Until when nobody tries it again.
    Instant no_answer(const ParticipantId& from, Instant now);
    void answered(const ParticipantId& from);
    void caught_up(const ParticipantId& with);
    /// It called here: it is tried again soon, though not at each of its calls, because who can
    /// call may still not be reached.
    void heard(const ParticipantId& from, Instant now);
    /// When it is tried again; nothing when nothing is known against it.
    [[nodiscard]] std::optional<Instant> next_try(const ParticipantId& to) const;

private:
    struct Partner {
        std::int64_t attempts = 0; ///< without an answer, since the last
        Instant last;
        Instant wake;    ///< while there are attempts
        Instant put_off; ///< the latest that anything waits for an answer
    };

    const Settings& settings_;
    mutable std::mutex mutex_;
    std::map<ParticipantId, Partner> partners_;
    std::set<std::pair<Line, ParticipantId>> taken_;
};

/// Items of evidence that their receiver refused, by hash: they are offered again later, and the
/// others meanwhile. In memory only. Safe from many threads.
class Offers {
public:
    struct Wait {
        std::int64_t attempts = 0;
        Instant since; ///< the first of them
        Instant until; ///< offered again then
        Said problem;  ///< of the last
    };

    explicit Offers(const Settings& settings) : settings_(settings) {}

    [[nodiscard]] bool due(const Digest& item, Instant now) const;
    void refused(const Digest& item, Instant now, Said problem);
    /// It was taken, or is not to be offered any more.
    void settled(const Digest& item);
    /// Nothing when its last offer was not refused.
    [[nodiscard]] std::optional<Wait> waits(const Digest& item) const;

private:
    const Settings& settings_;
    mutable std::mutex mutex_;
    std::map<Digest, Wait> waits_;
};

} // namespace comity::node
