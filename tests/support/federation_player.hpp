// Plays random cases over all procedures: chooses among the acts that the procedure allows a side
// now, fills in the form, performs it with the person's passkey; lets time pass to the deadlines,
// restarts and cuts off stations; and at last brings every case to its end.
#pragma once

#include "node/perform_act.hpp"
#include "support/federation_forms.hpp"
#include "support/federation_history.hpp"

namespace comity::test {

class Player {
public:
    explicit Player(std::uint64_t seed);

    /// The whole run. What was wrong is in `faults`, what happened in `lines`.
    void play();

    std::vector<std::string> faults;
    std::vector<std::string> lines;
    /// `mla/produce` and alike: how often each act was admitted.
    std::map<std::string, int> admitted;
    /// How often each refusal was answered.
    std::map<std::string, int> refused;

    Federation federation;
    Forms forms;
    std::vector<Plot> plots;

    [[nodiscard]] std::string story() const;

    /// For stories that are told and not diced: opens a case; performs one act as a person does,
    /// and whether it was admitted or sent; lets everything be delivered; and the checks of a case.
    Plot& begin(const Plot& plot);
    bool perform(Plot& plot, Station& station, const std::string& act);
    bool quiet();
    void check_case(const Plot& plot);
    void check_records();
    void check_secrecy();
    /// T28: whom the provider's people looked at is told as it was, and who they are nowhere.
    void check_sightings();

    /// The pseudonym of the provider's person who looks.
    static constexpr std::string_view insider = "zqinsider";

private:
    Dice& dice() { return federation.dice; }

    void open_case();
    static int weight(const Plot& plot, const std::string& act);
    bool suits(const Plot& plot, const std::string& act);
    bool produced(const Plot& plot);
    void step();
    void act_somewhere();
    void move();
    void let_time_pass();
    void trouble();
    void probe();
    void look_at_provider(const Plot& plot);
    void settle();
    bool settle_once(int round);
    bool perform_owed(Plot& plot);
    bool challenge(Plot& plot);
    bool stop_it(Plot& plot);
    bool use_it(Plot& plot);
    bool perform_one(Plot& plot, const std::vector<std::string>& acts);
    bool escape(Plot& plot);
    bool jump();
    std::string waiting();
    std::string owed_evidence();

    std::vector<std::string> possible(Plot& plot, Station& station);
    Result<json::Object> fields_for(const Scene& scene);
    Result<void> produce(const Scene& scene, json::Object& fields);
    Result<void> release(const Scene& scene, json::Object& fields);
    Result<void> receive(const Scene& scene, json::Object& fields);
    Result<void> open(const Scene& scene, json::Object& fields);
    std::string through(Plot& plot, Station& station, const node::Intent& intent);
    Station* station_for(const Plot& plot, const procedure::Act& act);
    std::optional<Instant> next_event();
    void note(const std::string& line);

    History history(const Plot& plot, Station& station);
    void check_engine(const Plot& plot, Station& keeper);
    void check_agreement(const Plot& plot, Station& keeper);
    void check_evidence(const Plot& plot, Station& station);
    void check_effects(Station& station);
    void check_notice(const Plot& plot, Station& station);
    void fault(const std::string& what);

    std::uint64_t seed_;
};

} // namespace comity::test
