// Trust policies (C2SP tlog-policy): which logs, which witnesses, and how many of them.
#pragma once

#include "record/checkpoint.hpp"

#include <optional>

namespace comity::record {

class Policy {
public:
    struct Log {
        VerifierKey key;
        std::string url; ///< empty if none is given
    };

    struct Witness {
        std::string name; ///< within the policy; not the key's name
        VerifierKey key;
        std::string url;
    };

    /// Strict. Refuses with policy_malformed and names the line.
    static Result<Policy> parse(std::string_view text);

    [[nodiscard]] const std::vector<Log>& logs() const { return logs_; }

    [[nodiscard]] const std::vector<Witness>& witnesses() const { return witnesses_; }

    /// Whether the quorum is `none`: cosignatures are then not needed.
    [[nodiscard]] bool needs_no_witness() const { return !quorum_; }

    /// Whether these witnesses (indexes into witnesses()) are enough. Refuses with policy_unmet and
    /// says who is missing.
    [[nodiscard]] Result<void> evaluate(std::span<const std::size_t> cosigned_by) const;

    /// A checkpoint of one of the policy's logs with enough cosignatures. `key` in the
    /// cosignatures is an index into witnesses().
    [[nodiscard]] Result<OpenedCheckpoint> open(BytesView checkpoint) const;

private:
    friend class PolicyReader;

    struct Group {
        std::string name;
        std::size_t needed = 0;
        std::vector<std::size_t> witnesses; // indexes into witnesses_
        std::vector<std::size_t> groups;    // indexes into groups_, always smaller than its own
    };

    struct Member {
        bool is_group = false;
        std::size_t index = 0;
    };

    std::vector<Log> logs_;
    std::vector<Witness> witnesses_;
    std::vector<Group> groups_;
    std::optional<Member> quorum_;
};

} // namespace comity::record
