// The table of sentences and the wording of deadlines.
#include "casefile/sentences.hpp"

#include <fmt/format.h>

namespace comity::casefile {

namespace {

struct Line {
    std::string_view act;
    std::string_view en;
    std::string_view fr;
};

constexpr Line lines[] = {
    {"request", "An officer of {} drafted and signed the request",
     "Un agent de {} a rédigé et signé la demande"},
    {"certify", "A second officer of {} certified the emergency",
     "Un second agent de {} a certifié l'urgence"},
    {"authorise", "The judge of {} authorised it", "Le juge de {} l'a autorisée"},
    {"decline", "The judge of {} declined it", "Le juge de {} l'a rejetée"},
    {"lapse-authorisation", "The time for the judge's decision has passed at {}",
     "Le délai de décision du juge est écoulé chez {}"},
    {"transmit", "The central authority of {} examined and transmitted it",
     "L'autorité centrale de {} l'a examinée et transmise"},
    {"answer", "The central authority of {} answered the questions",
     "L'autorité centrale de {} a répondu aux questions"},
    {"withdraw", "The central authority of {} withdrew it",
     "L'autorité centrale de {} l'a retirée"},
    {"acknowledge", "The central authority of {} acknowledged receipt",
     "L'autorité centrale de {} en a accusé réception"},
    {"ask", "The central authority of {} asked for more",
     "L'autorité centrale de {} a demandé des précisions"},
    {"consult", "The central authority of {} consulted a country with a closer connection",
     "L'autorité centrale de {} a consulté un pays plus étroitement lié"},
    {"opine", "The central authority of {} gave its opinion",
     "L'autorité centrale de {} a donné son avis"},
    {"lapse-consultation", "The consultation lapsed at {}", "La consultation est échue chez {}"},
    {"freeze", "The central authority of {} asked the provider to preserve the data",
     "L'autorité centrale de {} a demandé la conservation des données"},
    {"preserve", "{} preserved the data", "{} a conservé les données"},
    {"confirm", "The duty officer of {} confirmed it by call-back",
     "L'agent de permanence de {} l'a confirmée par rappel"},
    {"accept", "The central authority of {} accepted it", "L'autorité centrale de {} l'a acceptée"},
    {"refuse", "The central authority of {} refused it", "L'autorité centrale de {} l'a refusée"},
    {"clear", "The central authority of {} cleared it",
     "L'autorité centrale de {} a donné son accord"},
    {"lapse-clearance", "The window of {} passed without opposition",
     "Le délai de {} est passé sans opposition"},
    {"oppose", "The central authority of {} opposed it",
     "L'autorité centrale de {} s'y est opposée"},
    {"clear-third", "The third country's authority {} cleared it",
     "L'autorité du pays tiers {} a donné son accord"},
    {"lapse-third", "The third country's window passed at {}",
     "Le délai du pays tiers est passé chez {}"},
    {"oppose-third", "The third country's authority {} opposed it",
     "L'autorité du pays tiers {} s'y est opposée"},
    {"order", "The judge of {} ordered the provider to produce",
     "Le juge de {} a ordonné la production"},
    {"object", "{} objected to the order", "{} s'est opposé à l'ordonnance"},
    {"uphold-objection", "The judge of {} upheld the objection",
     "Le juge de {} a fait droit à l'opposition"},
    {"dismiss-objection", "The judge of {} dismissed the objection",
     "Le juge de {} a rejeté l'opposition"},
    {"unable", "{} stated that it cannot produce", "{} a déclaré ne pas pouvoir produire"},
    {"produce", "{} produced the data, encrypted", "{} a produit les données, chiffrées"},
    {"release", "The central authority of {} checked the items against the grid and released them",
     "L'autorité centrale de {} a vérifié les pièces et les a transmises"},
    {"receive", "The officer of {} received them", "L'agent de {} les a reçues"},
    {"open", "The officer of {} opened them", "L'agent de {} les a ouvertes"},
    {"retain", "The judge of {} extended the retention",
     "Le juge de {} a prolongé la conservation"},
    {"delete", "The officer of {} deleted the data", "L'agent de {} a supprimé les données"},
    {"purge", "The central authority of {} purged its copies",
     "L'autorité centrale de {} a détruit ses copies"},
    {"defer-notice", "The judge of {} deferred the notice",
     "Le juge de {} a différé la notification"},
    {"notify", "{} notified the person concerned", "{} a notifié la personne concernée"},
    {"relay-notice", "{} passed the notice on to the account",
     "{} a transmis la notification au compte"},
    {"discard", "{} destroyed what it held for the case",
     "{} a détruit ce qu'il détenait pour le dossier"},
    {"correct", "The central authority of {} admitted an error in the request",
     "L'autorité centrale de {} a reconnu une erreur dans la demande"},
    {"challenge", "The person concerned challenged it, through {}",
     "La personne concernée l'a contestée, par {}"},
    {"uphold-challenge", "The judge of {} upheld the challenge",
     "Le juge de {} a fait droit au recours"},
    {"dismiss-challenge", "The judge of {} dismissed the challenge",
     "Le juge de {} a rejeté le recours"},
    {"inspect", "{} inspected the case", "{} a inspecté le dossier"},
    {"suspend", "{} suspended the case", "{} a suspendu le dossier"},
    {"resume", "{} lifted the suspension", "{} a levé la suspension"},
    {"quash", "{} quashed the case", "{} a annulé la procédure"},
    {"review", "{} reviewed the case", "{} a examiné le dossier"},
};

} // namespace

std::string sentence(std::string_view act, std::string_view performer, std::string_view language) {
    for (const auto& line : lines)
        if (line.act == act)
            return fmt::format(fmt::runtime(language == "fr" ? line.fr : line.en), performer);
    return fmt::format("{}: {}", performer, act);
}

bool is_language_tag(std::string_view tag) {
    return tag.size() >= 2 && tag.size() <= 12 &&
           tag.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               std::string_view::npos;
}

std::string relative(Instant due, Instant now, std::string_view language) {
    const bool late = due < now;
    const auto distance = late ? now - due : due - now;
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(distance).count();
    const bool french = language == "fr";
    std::string amount;
    if (minutes >= 48 * 60)
        amount = fmt::format("{} {}", minutes / 1440, french ? "jours" : "days");
    else if (minutes >= 60)
        amount = fmt::format("{} h", minutes / 60);
    else
        amount = fmt::format("{} min", minutes);
    if (late) return french ? fmt::format("{} de retard", amount) : fmt::format("{} late", amount);
    return french ? fmt::format("dans {}", amount) : fmt::format("in {}", amount);
}

} // namespace comity::casefile
