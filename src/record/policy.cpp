// Reads a trust policy line by line and evaluates its quorum.
#include "record/policy.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace comity::record {

namespace {

// Octets above 0x7f are opaque; of the control characters only tab and newline are allowed.
bool has_forbidden_octet(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet == 0x7f || (octet < 0x20 && octet != '\t' && octet != '\n');
    });
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        const std::size_t start = line.find_first_not_of(" \t");
        if (start == std::string_view::npos) return words;
        const std::size_t end = std::min(line.find_first_of(" \t", start), line.size());
        words.push_back(line.substr(start, end - start));
        line.remove_prefix(end);
    }
}

bool can_cosign(KeyType type) {
    return type == KeyType::cosignature_v1 || type == KeyType::ml_dsa_44;
}

} // namespace

/// Holds what is needed only while a policy is read: names, and who is a member already.
class PolicyReader {
public:
    Result<Policy> read(std::string_view text);

private:
    using Words = std::span<const std::string_view>;

    struct Name {
        Policy::Member member;
        bool is_member = false; // of some group
    };

    [[nodiscard]] tl::unexpected<Refusal> refuse_line(std::string_view problem) const {
        return refuse(
            Code::policy_malformed, "line " + std::to_string(line_) + ": " + std::string(problem));
    }

    Result<void> read_line(Words words);
    Result<void> read_log(Words words);
    Result<void> read_witness(Words words);
    Result<void> read_group(Words words);
    Result<void> read_quorum(Words words);
    Result<VerifierKey> read_key(std::string_view text, std::set<Bytes>& seen) const;
    Result<void> define(std::string_view name, Policy::Member member);

    Policy policy_;
    std::size_t line_ = 0;
    bool has_quorum_ = false;
    std::unordered_map<std::string_view, Name> names_; // views into the text
    std::set<Bytes> log_keys_;
    std::set<Bytes> witness_keys_;
};

Result<Policy> PolicyReader::read(std::string_view text) {
    if (text.size() > limits::policy_bytes)
        return refuse(
            Code::policy_malformed, "a policy of " + std::to_string(text.size()) + " bytes");
    if (has_forbidden_octet(text)) return refuse(Code::policy_malformed, "a control character");
    while (!text.empty()) {
        ++line_;
        const std::size_t end = std::min(text.find('\n'), text.size());
        const auto words = words_of(text.substr(0, end));
        if (!words.empty() && !words[0].starts_with('#')) TRY_VOID(read_line(words));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!has_quorum_) return refuse(Code::policy_malformed, "no quorum line");
    return std::move(policy_);
}

Result<void> PolicyReader::read_line(Words words) {
    if (words[0] == "log") return read_log(words);
    if (words[0] == "witness") return read_witness(words);
    if (words[0] == "group") return read_group(words);
    if (words[0] == "quorum") return read_quorum(words);
    return refuse_line("begins with none of log, witness, group, quorum");
}

// Two keys are the same if they wrap the same public key, whatever name and type stand around it.
Result<VerifierKey> PolicyReader::read_key(std::string_view text, std::set<Bytes>& seen) const {
    auto key = VerifierKey::parse(text);
    if (!key) return refuse_line(key.error().facts.text());
    if (!seen.insert(key->public_key).second) return refuse_line("the key stands here twice");
    return key;
}

Result<void> PolicyReader::define(std::string_view name, Policy::Member member) {
    if (name == "none") return refuse_line("the name none is taken");
    if (!names_.try_emplace(name, Name{member, false}).second)
        return refuse_line("the name " + std::string(name) + " is defined twice");
    return {};
}

Result<void> PolicyReader::read_log(Words words) {
    if (words.size() != 2 && words.size() != 3) return refuse_line("expected: log KEY [URL]");
    TRY(VerifierKey key, read_key(words[1], log_keys_));
    policy_.logs_.push_back({std::move(key), std::string(words.size() == 3 ? words[2] : "")});
    return {};
}

Result<void> PolicyReader::read_witness(Words words) {
    if (words.size() != 3 && words.size() != 4)
        return refuse_line("expected: witness NAME KEY [URL]");
    TRY(VerifierKey key, read_key(words[2], witness_keys_));
    if (!can_cosign(key.type)) return refuse_line("the key is not one for cosignatures");
    TRY_VOID(define(words[1], {false, policy_.witnesses_.size()}));
    policy_.witnesses_.push_back(
        {std::string(words[1]), std::move(key), std::string(words.size() == 4 ? words[3] : "")});
    return {};
}

Result<void> PolicyReader::read_group(Words words) {
    if (words.size() < 4) return refuse_line("expected: group NAME K|any|all MEMBER…");
    Policy::Group group;
    group.name = words[1];
    const Words members = words.subspan(3);
    if (words[2] == "any") {
        group.needed = 1;
    } else if (words[2] == "all") {
        group.needed = members.size();
    } else {
        const auto needed = decimal_from(words[2]);
        if (!needed || *needed < 1 || *needed > members.size())
            return refuse_line("the threshold is not between 1 and the number of members");
        group.needed = static_cast<std::size_t>(*needed);
    }
    for (const std::string_view member : members) {
        const auto found = names_.find(member);
        if (found == names_.end())
            return refuse_line("the member " + std::string(member) + " is not defined above");
        // Otherwise one witness could count twice.
        if (std::exchange(found->second.is_member, true))
            return refuse_line(std::string(member) + " is a member already");
        const Policy::Member& known = found->second.member;
        (known.is_group ? group.groups : group.witnesses).push_back(known.index);
    }
    TRY_VOID(define(words[1], {true, policy_.groups_.size()}));
    policy_.groups_.push_back(std::move(group));
    return {};
}

Result<void> PolicyReader::read_quorum(Words words) {
    if (words.size() != 2) return refuse_line("expected: quorum NAME|none");
    if (std::exchange(has_quorum_, true)) return refuse_line("a second quorum");
    if (words[1] == "none") return {};
    const auto found = names_.find(words[1]);
    if (found == names_.end())
        return refuse_line("the quorum " + std::string(words[1]) + " is not defined above");
    policy_.quorum_ = found->second.member;
    return {};
}

Result<Policy> Policy::parse(std::string_view text) {
    return PolicyReader().read(text);
}

Result<void> Policy::evaluate(std::span<const std::size_t> cosigned_by) const {
    if (!quorum_) return {};
    std::vector<bool> has_witness(witnesses_.size(), false);
    for (const std::size_t index : cosigned_by) {
        CHECK_THAT(index < witnesses_.size());
        has_witness[index] = true;
    }
    // Members stand before their groups, so one pass is enough.
    std::vector<bool> has_group(groups_.size(), false);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        const Group& group = groups_[i];
        std::size_t count = 0;
        for (const std::size_t member : group.witnesses)
            count += has_witness[member] ? std::size_t{1} : 0;
        for (const std::size_t member : group.groups)
            count += has_group[member] ? std::size_t{1} : 0;
        has_group[i] = count >= group.needed;
    }
    if (quorum_->is_group ? has_group[quorum_->index] : has_witness[quorum_->index]) return {};
    std::string missing;
    std::size_t count = 0;
    for (std::size_t i = 0; i < witnesses_.size(); ++i)
        if (!has_witness[i] && ++count <= 10)
            missing += (missing.empty() ? "" : ", ") + witnesses_[i].name;
    if (count > 10) missing += " and " + std::to_string(count - 10) + " more";
    return refuse(
        Code::policy_unmet,
        "the quorum " +
            (quorum_->is_group ? groups_[quorum_->index].name : witnesses_[quorum_->index].name) +
            " is not reached; there is no cosignature by " + missing);
}

Result<OpenedCheckpoint> Policy::open(BytesView checkpoint) const {
    // The first line says which log speaks; its keys alone are then tried.
    const std::string_view origin = checkpoint.substr(0, checkpoint.find('\n'));
    std::vector<VerifierKey> log;
    for (const Log& known : logs_)
        if (known.key.name == origin) log.push_back(known.key);
    if (log.empty()) {
        TRY_VOID(Note::parse(checkpoint));
        return refuse(Code::note_signature, "the checkpoint is of no log in the policy");
    }
    std::vector<VerifierKey> cosigners;
    for (const Witness& witness : witnesses_)
        cosigners.push_back(witness.key);
    TRY(OpenedCheckpoint opened, open_checkpoint(checkpoint, log, cosigners));
    std::vector<std::size_t> cosigned_by;
    for (const Verified& cosignature : opened.cosignatures)
        cosigned_by.push_back(cosignature.key);
    TRY_VOID(evaluate(cosigned_by));
    return opened;
}

} // namespace comity::record
