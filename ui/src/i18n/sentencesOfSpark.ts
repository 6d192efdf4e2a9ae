/** What programs of the project, and the application on Spark, say. */
export const SENTENCES_OF_SPARK: [server: string, french: string][] = [
  [
    'Programs need Spark, which there is none of here; make it a model, or take this task out',
    "Un programme a besoin de Spark, qui n'est pas là ; faites-en un modèle, ou enlevez cette tâche",
  ],
  ["The program {0} cannot be read in the project's folder: {1}", 'Le programme {0} ne peut pas être lu dans le dossier du projet : {1}'],
  ["The program {0} is no file within the project's folder", "Le programme {0} n'est pas un fichier du dossier du projet"],
  ['The program {0} cannot be read', 'Le programme {0} ne peut pas être lu'],
  [
    "A program for Spark is a file that ends with .jar, .py or .sql, but this is '{0}'",
    'Un programme pour Spark est un fichier qui finit par .jar, .py ou .sql, mais on a « {0} »',
  ],
  ['A jar needs its class', 'Il faut la classe du jar'],
  ['add class: the one with the main method', 'ajoutez class : celle qui a la méthode main'],
  ['A program needs to say which tables it makes', 'Un programme doit dire quelles tables il produit'],
  ['Only a jar has a class, and this is none', "Seul un jar a une classe, et ceci n'en est pas un"],
  ['take class out', 'enlevez class'],
  ['Statements take no arguments', 'Des instructions SQL ne prennent pas de paramètres'],
  ["A package is group:artifact:version, but this is '{0}'", "Un paquet s'écrit groupe:artefact:version, mais on a « {0} »"],
  [
    "A file of a program is one of the project's folder, but this is '{0}'",
    "Un fichier d'un programme est du dossier du projet, mais on a « {0} »",
  ],
  ['{0} cannot be set for one program', '{0} ne peut pas être réglé pour un seul programme'],
  [
    'programs share an application: set spark.sql.… or spark.hadoop.… here, and the rest under conf of the cluster',
    'les programmes partagent une application : réglez ici spark.sql.… ou spark.hadoop.…, et le reste sous conf du cluster',
  ],
  ['add writes: [schema.table]', 'ajoutez writes: [schéma.table]'],
  [
    'Spark needs more memory than the driver or its executors have; raise spark.executor.memory or spark.driver.memory of the cluster, or select fewer columns or rows',
    "Spark a besoin de plus de mémoire que n'en ont le pilote ou ses exécuteurs ; augmentez spark.executor.memory ou spark.driver.memory du cluster, ou sélectionnez moins de colonnes ou de lignes",
  ],
  [
    'A disk of the cluster is full (spark.local.dir, or where the table is); make space and run it again',
    'Un disque du cluster est plein (spark.local.dir, ou là où est la table) ; faites de la place et relancez',
  ],
  [
    'The result is larger than the driver may take (spark.driver.maxResultSize); select fewer rows',
    'Le résultat est plus grand que ce que le pilote peut recevoir (spark.driver.maxResultSize) ; sélectionnez moins de lignes',
  ],
  [
    "The platform's catalog or the storage cannot be reached from Spark; see that the cluster's machines reach it, then run it again",
    'Spark ne peut pas joindre le catalogue de la plateforme ou le stockage ; vérifiez que les machines du cluster les joignent, puis relancez',
  ],
  ["The catalog of the run does not take the job's token (any more); run it again", "Le catalogue de l'exécution n'accepte pas (ou plus) le jeton du travail ; relancez"],
  ['The program ended by a {0}; the driver\'s log has its text', "Le programme s'est terminé par {0} ; le journal du pilote en a le texte"],
  ['The program ended with the exit code {0}; its output tells why', "Le programme s'est terminé avec le code {0} ; sa sortie dit pourquoi"],
  ['The jar {0} has no class {1} with a public static void main(String[])', "Le jar {0} n'a pas de classe {1} avec un public static void main(String[])"],
  ['The job was cancelled', 'Le travail a été annulé'],
];
