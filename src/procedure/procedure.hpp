// A procedure file as read: acts, groups and relations of a timed DCR graph (Hildebrandt and
// Mukkamala 2010; timed: Hildebrandt, Mukkamala, Slaats, Zanitti 2013), and the graph that is made
// of it when a case opens. Pure; docs/procedures.md says how to read and change a file.
#pragma once

#include "base/refusal.hpp"
#include "base/time.hpp"

#include <boost/json/fwd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::procedure {

/// Who performs an act. `clock` acts are performed by the case's keeper when they become enabled.
enum class Side { requesting, requested, provider, third, subject, oversight, clock };

std::string_view to_text(Side side);
std::optional<Side> side_from(std::string_view text);

/// What a case brings along that acts and relations may depend on (`when`).
struct Parameters {
    std::string category; ///< of the data sought: subscriber, access, traffic, content …
    bool third = false;   ///< a third country takes part (the person is there)

    bool operator==(const Parameters&) const = default;
};

/// For refusals and tables: `category access, third true`.
std::string to_text(const Parameters& parameters);

/// Holds an act or relation to cases whose parameters match; an empty list matches every case.
struct When {
    std::vector<std::string> categories;
    std::vector<bool> third;

    [[nodiscard]] bool matches(const Parameters& parameters) const;
    /// Whether some case matches both.
    [[nodiscard]] bool overlaps(const When& other) const;
};

struct Act {
    std::string name;
    Side side = Side::requesting;
    std::string role; ///< empty for clock acts, as is the form
    std::string form;
    /// Performed by the node of its side if no person has done it when its deadline comes.
    bool at_deadline = false;
    When when;
};

enum class RelationKind { condition, response, milestone, include, exclude };

std::string_view to_text(RelationKind kind);

struct Relation {
    RelationKind kind = RelationKind::condition;
    std::vector<std::string> from; ///< as written: act names and `@group`
    std::vector<std::string> to;
    std::optional<Period> after;   ///< condition: `to` only that long after `from`
    std::optional<Period> within;  ///< response: owed by then
    std::string until;             ///< response: owed by the date in that field of from's form
    std::optional<Period> at_most; ///< with until: the date lies at most that far away
    std::optional<Period> in_all;  ///< with until: however often, at most that long after `since`
    std::string since;             ///< with in_all: the act from which the total runs
    When when;
};

class Procedure {
public:
    /// Reads one file strictly. Refuses with Code::procedure_malformed and names the file, the act
    /// and the relation. `country_words` are names and codes of countries (any case) that must not
    /// occur; the two-letter codes of ISO 3166-1 are always looked for (mission X1).
    static Result<Procedure> read(
        std::string_view text, std::string_view file_name,
        std::span<const std::string> country_words = {});
    static Result<Procedure> read(
        const boost::json::value& value, std::string_view file_name,
        std::span<const std::string> country_words = {});

    [[nodiscard]] const std::string& id() const { return id_; }

    /// By language tag; `en` and `fr` are always there.
    [[nodiscard]] const std::map<std::string, std::string>& titles() const { return titles_; }

    /// In the file's order.
    [[nodiscard]] const std::vector<Act>& acts() const { return acts_; }

    [[nodiscard]] const Act* act(std::string_view name) const;

    [[nodiscard]] const std::map<std::string, std::vector<std::string>>& groups() const {
        return groups_;
    }

    [[nodiscard]] const std::vector<Relation>& relations() const { return relations_; }

    [[nodiscard]] const std::vector<std::string>& excluded_at_start() const { return excluded_; }

    /// A relation's `from` or `to` with the groups written out; every name is an act of this file.
    [[nodiscard]] std::vector<std::string> expand(const std::vector<std::string>& names) const;

    /// `relations[17] (response authorise -> transmit)`, as refusals and tables name a relation.
    [[nodiscard]] std::string describe(std::size_t relation) const;

    /// Every combination of parameters that the file tells apart, and one category it does not
    /// name.
    [[nodiscard]] std::vector<Parameters> combinations() const;

    /// An emergency procedure (its id is `emergency` or begins with `emergency-`) may produce while
    /// the judge's decision is still owed; invariant 1 reads differently for it.
    [[nodiscard]] bool emergency() const;

    /// The same procedure without one relation, or with one more: what mutation tests start from.
    [[nodiscard]] Procedure without(std::size_t relation) const;
    [[nodiscard]] Procedure with(Relation relation) const;

    /// The first place that names a country, or nothing: `title.en: "FR"`.
    [[nodiscard]] std::optional<std::string> country_named(
        std::span<const std::string> country_words) const;

private:
    friend class ProcedureReader;

    std::string id_;
    std::map<std::string, std::string> titles_;
    std::vector<Act> acts_;
    std::map<std::string, std::vector<std::string>> groups_;
    std::vector<std::string> excluded_;
    std::vector<Relation> relations_;
};

/// A set of acts of one graph: bit i is the act of index i.
using Mask = std::uint64_t;

inline constexpr Mask bit(std::size_t act) {
    return Mask{1} << act;
}

/// A procedure made concrete for one case's parameters. Acts are indexed by name order, so the same
/// file and parameters give the same graph everywhere. Immutable; owns what it needs.
class Graph {
public:
    /// Cannot be refused: Procedure::read has checked everything.
    static Graph make(const Procedure& procedure, const Parameters& parameters);

    [[nodiscard]] const std::string& procedure_id() const { return procedure_id_; }

    [[nodiscard]] const Parameters& parameters() const { return parameters_; }

    [[nodiscard]] bool emergency() const { return emergency_; }

    [[nodiscard]] std::size_t size() const { return acts_.size(); }

    [[nodiscard]] const std::vector<Act>& acts() const { return acts_; }

    [[nodiscard]] const Act& act(std::size_t index) const { return acts_[index]; }

    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;

    /// The act's bit, or no bit when these parameters leave the act out.
    [[nodiscard]] Mask mask(std::string_view name) const;

    /// The acts of the mask, in index order.
    [[nodiscard]] std::vector<std::string> names(Mask mask) const;

    [[nodiscard]] Mask included_at_start() const { return included_at_start_; }

    /// One act's relations as masks: the first two over the acts that hold it up, the others over
    /// the acts that it changes; the ranges index delays() and debts().
    struct Step {
        Mask conditions = 0;
        Mask milestones = 0;
        Mask responses = 0;
        Mask includes = 0;
        Mask excludes = 0;
        std::uint16_t delays_begin = 0;
        std::uint16_t delays_end = 0;
        std::uint16_t debts_begin = 0;
        std::uint16_t debts_end = 0;
    };

    /// A condition with `after`.
    struct Delay {
        std::size_t from = 0;
        Period after;
    };

    /// A response: due `within` a period, or `until` the date of a field and `at_most` that far,
    /// and in all not longer than `in_all` after the act `since` (if that has happened).
    struct Debt {
        std::size_t to = 0;
        Period period; ///< within, or at_most when `until` is not empty
        std::string until;
        std::optional<Period> in_all;
        std::size_t since = 0;
    };

    [[nodiscard]] const Step& step(std::size_t act) const { return steps_[act]; }

    [[nodiscard]] std::span<const Delay> delays(std::size_t act) const {
        return std::span(delays_).subspan(
            steps_[act].delays_begin,
            steps_[act].delays_end - std::size_t{steps_[act].delays_begin});
    }

    [[nodiscard]] std::span<const Debt> debts(std::size_t act) const {
        return std::span(debts_).subspan(
            steps_[act].debts_begin, steps_[act].debts_end - std::size_t{steps_[act].debts_begin});
    }

private:
    void connect(const Procedure& procedure);
    void lay_out(
        const std::vector<std::vector<Delay>>& delays, const std::vector<std::vector<Debt>>& debts);

    std::string procedure_id_;
    Parameters parameters_;
    bool emergency_ = false;
    std::vector<Act> acts_;
    std::vector<Step> steps_;
    std::vector<Delay> delays_;
    std::vector<Debt> debts_;
    Mask included_at_start_ = 0;
};

} // namespace comity::procedure
