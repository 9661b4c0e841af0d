// Forms filled in for random cases: the examples of the law pack with the dates and amounts that
// the case needs, and in each part a canary, a word that only the part's readers may ever see.
#pragma once

#include "support/federation_station.hpp"

namespace comity::test {

/// What people want of a case; without one the dice choose among all that is possible.
enum class Wish {
    none,
    stop_before, ///< somebody of the receiving or a third country stops it before production
    stop_after,  ///< the same after production
    silence,     ///< nobody decides what lapses by itself when its time is over
    uphold,      ///< the person challenges, and the court finds for that person
    dismiss,     ///< the person challenges, and the court finds against that person
    oversight,   ///< oversight suspends, and resumes or quashes
    use, ///< the evidence is opened and kept longer; or the case was an error, and is corrected
};
inline constexpr int wishes = 8;

/// What a case is about, decided by dice when it opens.
struct Plot {
    CaseId id;
    std::string procedure;
    std::string category;
    std::string account = "harbour.invoices@nimbus-mail.example"; ///< whose data is asked for
    Wish wish = Wish::none;
    bool third = false; ///< a third country takes part from the start
    bool cut = false;   ///< the judge grants the first row only
    std::string request_hash;
    bool filed = false;      ///< a challenge with the real code, perhaps lost in a crash
    bool challenged = false; ///< one for which the person was told that it is on its way
    int used = 0; ///< how often the evidence was opened, kept longer or corrected at the end
    Instant retention_end;
    /// Plaintext of what was produced, by its hash in text form.
    std::map<std::string, Bytes> produced;

    [[nodiscard]] act::Opening opening() const;
};

struct Canary {
    std::string word;
    CaseId case_id;
    std::string act;
    std::set<std::string> readers; ///< by the audience in the form, and the performer's overseers
    bool for_subject = false;      ///< the person concerned may read it
};

/// Who performs which act, where the case stands.
struct Scene {
    Station& station;
    const Plot& plot;
    const procedure::Act& act;
    const casefile::Case* state = nullptr; ///< null for the first act
    std::optional<ParticipantId> joining;
};

class Forms {
public:
    explicit Forms(Dice& dice) : dice_(dice) {}

    /// The fields of a form without what has to do with evidence (the player adds that).
    Result<json::Object> fill(const Scene& scene);
    /// Puts a canary into each part.
    void plant(const Scene& scene, json::Object& fields);

    [[nodiscard]] const std::vector<Canary>& canaries() const { return canaries_; }

    static constexpr std::string_view mark = "zqcanary";

    /// Something nobody but the requesting office may ever read.
    Bytes secret_content();

    [[nodiscard]] const std::vector<std::string>& secrets() const { return secrets_; }

private:
    std::int64_t facts_ = 0;
    void dates(const Scene& scene, json::Object& fields);
    void grids(const Scene& scene, json::Object& fields);
    std::string word();

    Dice& dice_;
    std::vector<Canary> canaries_;
    std::vector<std::string> secrets_;
    int count_ = 0;
};

/// The fields that a station may read of the latest act of a kind.
std::optional<json::Object> read_latest(Station& station, const CaseId& id, std::string_view act);

/// The last day on which anything of these cases may fall due: the certificates end soon after.
Instant last_day();

} // namespace comity::test
