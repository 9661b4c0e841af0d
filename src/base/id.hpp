// Identifiers that cannot be mixed up: Id<Tag> is text with a type, explicit both ways.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace comity {

template <class Tag>
class Id {
public:
    Id() = default;

    explicit Id(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] const std::string& str() const { return text_; }

    [[nodiscard]] bool empty() const { return text_.empty(); }

    auto operator<=>(const Id&) const = default;

private:
    std::string text_;
};

/// A case: 26 characters of a-z and 2-7, the time of its opening and 85 random bits; the same on
/// every node.
using CaseId = Id<struct CaseTag>;
/// A participant of the federation, as named in the directory, for example `arcadia-authority`.
using ParticipantId = Id<struct ParticipantTag>;
/// An office of a participant, for example `arcadia-court`.
using OfficeId = Id<struct OfficeTag>;
/// A person's pseudonym on a participant's roll.
using PersonId = Id<struct PersonTag>;

/// Names that may stand in our documents: 1 to 64 of a-z, 0-9 and inner hyphens.
bool is_name(std::string_view text);

} // namespace comity

template <class Tag>
struct std::hash<comity::Id<Tag>> {
    std::size_t operator()(const comity::Id<Tag>& id) const noexcept {
        return std::hash<std::string>()(id.str());
    }
};
